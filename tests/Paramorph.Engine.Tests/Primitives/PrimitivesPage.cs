using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Paramorph.Primitives;

namespace Paramorph.Tests.Primitives;

/// <summary>
/// Makes <c>docs/primitives.md</c> from the primitives themselves, their documentation and the table of cases. What a rule is, is read off which members a
/// primitive overrides; names, attributes and inputs off the operations that the cases trace.
/// </summary>
internal static partial class PrimitivesPage
{
    public const string Command = "PARAMORPH_WRITE_PAGES=1 dotnet test tests/Paramorph.Engine.Tests --filter PrimitivesPage";

    /// <summary>The operations of all cases, with those that their gradients are made of.</summary>
    private static readonly Lazy<Operation[]> Traced = new(() => [.. Cases.All.SelectMany(Trace)]);

    private static readonly Lazy<Dictionary<string, string>> Summaries = new(ReadSummaries);

    /// <summary>The file in the checkout that the tests were built in.</summary>
    public static string File() => Repository.File("docs", "primitives.md");

    /// <summary>
    /// Every primitive of the language: the entries of the elementwise table, and each other sealed record. Those that the compiler makes for itself are internal.
    /// </summary>
    public static IReadOnlyList<Entry> Entries()
    {
        var elementwise = typeof(Elementwise).GetFields(BindingFlags.Public | BindingFlags.Static).Where(f => f.FieldType == typeof(Elementwise))
            .Select(f => Entry.Of((Elementwise)f.GetValue(null)!, $"F:{typeof(Elementwise).FullName}.{f.Name}"));
        var family = Entry.Of(Elementwise.Polygamma(0), $"M:{typeof(Elementwise).FullName}.Polygamma(System.Int32)");
        var others = typeof(Primitive).Assembly.GetTypes()
            .Where(t => t.IsSubclassOf(typeof(Primitive)) && t.IsPublic && !t.IsAbstract && t != typeof(Elementwise))
            .Select(Entry.Of);
        return [.. elementwise.Append(family).Concat(others).OrderBy(e => e.Title, StringComparer.Ordinal)];
    }

    public static string Text()
    {
        var text = new StringBuilder("# The primitives\n\n");
        text.Append("Everything else is composed of these. This page is generated from the code and from the table of cases that checks it; make it anew with\n\n");
        text.Append($"    {Command}\n\n");
        text.Append("*Derivative*: `linear` primitives state their transpose, `product`s follow from being linear in each operand, `table` is an expression in\n");
        text.Append("`Elementwise.Table.cs`, `Jvp` a forward rule whose transpose is the reverse one, `Jvp, Vjp` both. *Taylor*: how a jet passes: coefficient by\n");
        text.Append("coefficient (`linear`), as a convolution (`product`, `quotient`), or as the differential equation y' = Jvp(x, x') (`through Jvp`).\n");
        text.Append("*Batching*: every primitive has a rule; `elementwise` ones are unchanged. *Cost*: flops a run; `result` is one for each element of the results.\n");
        text.Append("*Cases*: uses that are checked for values, derivatives in both modes, second derivatives and batching.\n\n");
        text.Append("| Primitive | Meaning | Inputs | Derivative | Taylor | Batching | Cost | Cases |\n|---|---|---|---|---|---|---|---|\n");
        foreach (var e in Entries()) text.Append($"| `{e.Title}` | {e.Summary} | {e.Inputs} | {e.Derivative} | {e.Taylor} | {e.Batching} | {e.Cost} | {e.CaseList} |\n");
        return text.ToString();
    }

    private static IEnumerable<Operation> Trace(Case @case)
    {
        var computation = Computation.Trace("case", @case.Function, [.. @case.Inputs.Select(x => x.Type)]);
        return computation.AllOperations();
    }

    private static Dictionary<string, string> ReadSummaries()
    {
        var members = XDocument.Load(Path.ChangeExtension(typeof(Primitive).Assembly.Location, ".xml")).Descendants("member");
        return members.Where(m => m.Element("summary") is not null).ToDictionary(m => m.Attribute("name")!.Value, m => FirstSentence(m.Element("summary")!));
    }

    private static string FirstSentence(XElement summary)
    {
        var words = string.Concat(summary.Nodes().Select(n => n is XElement e ? (e.Attribute("cref") ?? e.Attribute("name"))?.Value.Split('.', ':')[^1] ?? e.Value : n.ToString(SaveOptions.DisableFormatting)));
        var text = Space().Replace(System.Net.WebUtility.HtmlDecode(words), " ").Trim().Replace("|", "\\|", StringComparison.Ordinal);
        return Sentence().Match(text) is { Success: true } first ? first.Value : text;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    [GeneratedRegex(@"^.*?[^.]\.(?= [A-Z]|$)")]
    private static partial Regex Sentence();

    /// <summary>A row of the page.</summary>
    internal sealed record Entry(string Title, Type Type, Elementwise? Function, string Summary, IReadOnlyList<Case> Cases)
    {
        private Operation[] Uses { get; } = [.. Traced.Value.Where(o => o.Primitive.GetType() == Type && (Function is null || o.Primitive == Function))];

        /// <summary>Whether a case is named after it or traces it.</summary>
        public bool IsChecked => Cases.Count > 0 || Uses.Length > 0;

        public string Inputs => Function is { } f
            ? f.Arity.ToString(System.Globalization.CultureInfo.InvariantCulture)
            : Uses.Select(o => o.Inputs.Length).Distinct().Order().ToArray() switch { [] => "?", [var one] => $"{one}", [var low, .., var high] => $"{low} to {high}" };

        public string Derivative => string.Join(", ", Linearities().Select(Rule).Distinct());

        public string Taylor => Function == Elementwise.Divide ? "quotient" : string.Join(", ", Linearities().Select(l => l switch
        {
            Linearity.Joint => "linear",
            Linearity.Multi => "product",
            _ => "through Jvp",
        }).Distinct());

        public string Batching => Function is null ? "own" : "elementwise";

        public string Cost => Overrides(nameof(Primitive.Cost)) ? Uses.Length > 0 && Uses.All(o => o.Cost().Flops == 0) ? "0" : "own" : "result";

        public string CaseList => Cases.Count switch
        {
            0 => Uses.Length == 0 ? "none" : "in those of others",
            1 when Cases[0].Label.Length == 0 => "1",
            _ => $"{Cases.Count}: {string.Join("; ", Cases.Select(c => c.Label).Where(label => label.Length > 0))}".TrimEnd(':', ' '),
        };

        public static Entry Of(Elementwise function, string member) => new(
            function.Name, typeof(Elementwise), function, Summaries.Value[member], [.. Primitives.Cases.All.Where(c => c.Primitive == function.Name)]);

        /// <summary>The names that a primitive goes by are those of the operations that cases trace; without one, the name of its type.</summary>
        public static Entry Of(Type type)
        {
            var names = Traced.Value.Select(o => o.Primitive).Where(p => p.GetType() == type).Select(p => p.Name)
                .Append((RuntimeHelpers.GetUninitializedObject(type) as Primitive)!.Name).Distinct().Order(StringComparer.Ordinal).ToArray();
            return new(string.Join("`, `", names), type, null, Summaries.Value[$"T:{type.FullName}"], [.. Primitives.Cases.All.Where(c => names.Contains(c.Primitive))]);
        }

        private Linearity[] Linearities() => Function is not null
            ? [Function.Linearity]
            : [.. Uses.Select(o => o.Primitive.Linearity).DefaultIfEmpty(((Primitive)RuntimeHelpers.GetUninitializedObject(Type)).Linearity).Distinct().Order()];

        private string Rule(Linearity linearity) => linearity switch
        {
            Linearity.Joint => "linear",
            Linearity.Multi => "product",
            _ when Function is not null => "table",
            _ when !Overrides(nameof(Primitive.Jvp)) => "none",
            _ => Overrides(nameof(Primitive.Vjp)) ? "Jvp, Vjp" : "Jvp",
        };

        private bool Overrides(string method) => Type.GetMethod(method)!.DeclaringType != typeof(Primitive);
    }
}
