using System.Reflection;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Paramorph.Generators;

namespace Paramorph.Guide.Tests;

/// <summary>
/// A section of a page as a program. Types and usings of the whole page belong to it. A comment <c>// =&gt; text</c> behind or below a statement, which may go on in
/// comment lines below it, says what the declared variable, the assigned place or the printed argument shows; <c>// =&gt; throws Exception: message</c> says
/// that the statement throws.
/// </summary>
internal sealed class GuideProgram
{
    private const string Mark = "// => ";

    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private static readonly CSharpParseOptions Parsing = new(LanguageVersion.Latest);
    private readonly SortedSet<string> usings = ["using System;", "using System.Collections.Generic;", "using System.IO;", "using System.Linq;", "using System.Threading;"];
    private readonly StringBuilder statements = new();
    private readonly StringBuilder types = new();
    private readonly string page;

    public GuideProgram(Section section)
    {
        page = section.Page;
        foreach (var block in Page.Sections(page).SelectMany(other => other.Blocks)) AddDeclarations(block);
        foreach (var block in section.Blocks) AddStatements(block);
    }

    /// <summary>How many figures the section states.</summary>
    public int Checks { get; private set; }

    /// <summary>Compiles and runs the program; a wrong figure throws.</summary>
    public void Run()
    {
        var compilation = CSharpCompilation.Create(
            "Guide", [CSharpSyntaxTree.ParseText($"{string.Join('\n', usings)}\n{statements}\n{types}", Parsing)], References,
            new(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        CSharpGeneratorDriver.Create([new TreeGenerator().AsSourceGenerator()], parseOptions: Parsing)
            .RunGeneratorsAndUpdateCompilation(compilation, out var generated, out var complaints);
        using var image = new MemoryStream();
        var errors = generated.Emit(image).Diagnostics.Concat(complaints).Where(d => d.Severity == DiagnosticSeverity.Error).ToArray();
        Assert.True(errors.Length == 0, string.Join('\n', errors.Select(e => $"{e.Location.GetMappedLineSpan()}: {e.GetMessage()}")));
        var main = Assembly.Load(image.ToArray()).EntryPoint!;
        main.Invoke(null, BindingFlags.DoNotWrapExceptions, null, main.GetParameters().Length == 0 ? [] : [Array.Empty<string>()], null);
    }

    private void AddDeclarations(Block block)
    {
        var unit = SyntaxFactory.ParseCompilationUnit(block.Code, options: Parsing);
        foreach (var directive in unit.Usings) usings.Add(directive.ToString());
        foreach (var type in unit.Members.Where(member => member is not GlobalStatementSyntax)) types.Append(At(block, type)).Append(type.ToString()).Append('\n');
    }

    private void AddStatements(Block block)
    {
        var unit = SyntaxFactory.ParseCompilationUnit(block.Code, options: Parsing);
        var expected = Expected(block.Code);
        foreach (var statement in unit.Members.OfType<GlobalStatementSyntax>().Select(member => member.Statement))
        {
            statements.Append(At(block, statement));
            var last = statement.GetLocation().GetLineSpan().EndLinePosition.Line;
            if (!expected.Remove(last, out var text)) statements.Append(statement).Append('\n');
            else Check(statement, text, block.Line + last);
        }
        Assert.True(expected.Count == 0, $"{page}({block.Line + expected.Keys.FirstOrDefault()}): no statement ends where a figure is stated.");
    }

    private string At(Block block, SyntaxNode node) => $"#line {block.Line + node.GetLocation().GetLineSpan().StartLinePosition.Line} \"{page}\"\n";

    /// <summary>The stated texts by the line of the block on which they start.</summary>
    private static Dictionary<int, string> Expected(string code)
    {
        var lines = code.Split('\n');
        var expected = new Dictionary<int, string>();
        for (var i = 0; i < lines.Length; i++)
        {
            var at = lines[i].IndexOf(Mark, StringComparison.Ordinal);
            if (at < 0) continue;
            var text = new StringBuilder(lines[i][(at + Mark.Length)..]);
            // A statement may be followed by its figure on a line of its own.
            var start = lines[i].TrimStart().StartsWith(Mark, StringComparison.Ordinal) ? i - 1 : i;
            while (i + 1 < lines.Length && lines[i + 1].TrimStart().StartsWith("//", StringComparison.Ordinal)) text.Append('\n').Append(lines[++i].TrimStart()[2..]);
            expected[start] = text.ToString();
        }
        return expected;
    }

    private void Check(StatementSyntax statement, string expected, int line)
    {
        Checks++;
        var place = $"{SymbolDisplay.FormatLiteral(expected, quote: true)}, \"{page}({line})\"";
        if (expected.StartsWith("throws ", StringComparison.Ordinal))
        {
            statements.Append($"{typeof(Figure)}.Throws(() => {{ {statement} }}, {place});\n");
            return;
        }
        if (statement is ExpressionStatementSyntax { Expression: InvocationExpressionSyntax call } && call.Expression.ToString() == "Console.WriteLine")
        {
            statements.Append($"{typeof(Figure)}.Prints(() => {{ {statement} }}, {place});\n");
            return;
        }
        var shown = statement switch
        {
            LocalDeclarationStatementSyntax { Declaration.Variables: [var variable] } => variable.Identifier.Text,
            ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax { Left: DeclarationExpressionSyntax { Designation: var names } } } => names.ToString(),
            ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax assignment } => assignment.Left.ToString(),
            _ => throw new InvalidOperationException($"{page}({line}): a figure stands behind a declaration, an assignment or Console.WriteLine."),
        };
        statements.Append($"{statement}\n{typeof(Figure)}.Shows({shown}, {place});\n");
    }
}
