using System.Globalization;
using System.Text.Json;
using Paramorph.Physics;

namespace Paramorph.Problems;

/// <summary>An equation that is known by its name, with the numbers in it that may be chosen, and the arrays by which a file with a solution of it is recognised.</summary>
/// <param name="Name">The name, in lower case with hyphens.</param>
/// <param name="Meaning">What it is, in one sentence.</param>
/// <param name="Create">Makes it from its numbers, with a reference or its own when null.</param>
/// <param name="Usual">Its numbers with their usual values.</param>
internal sealed record KnownEquation(
    string Name, string Meaning, Func<IReadOnlyDictionary<string, double>, Lazy<ReferenceSolution>?, DifferentialEquation> Create, IReadOnlyDictionary<string, double> Usual)
{
    private const double Tolerance = 1e-2, MostDifference = 0.05, SaidTolerance = 1e-3;

    /// <summary>The arrays of a file with a solution: those of places along both axes, and one for each component [first, second].</summary>
    public (string First, string Second, string[] Values)? Arrays { get; init; }

    /// <summary>A number by which a file says one of the settings, and the setting.</summary>
    public (string Array, string Setting, Func<double, double> Of)? Said { get; init; }

    /// <summary>All of them.</summary>
    public static IReadOnlyList<KnownEquation> All { get; } =
    [
        new("burgers", "Burgers' equation u_t + u u_x = viscosity u_xx, whose start becomes a shock.", (n, known) => Equations.Burgers(n["viscosity"], known), new Dictionary<string, double> { ["viscosity"] = 0.01 / Math.PI })
        {
            Arrays = ("x", "t", ["usol"]),
        },
        new("allen-cahn", "The Allen-Cahn equation u_t = diffusion u_xx + 5 (u - u^3), which separates phases.", (n, known) => Equations.AllenCahn(n["diffusion"], known), new Dictionary<string, double> { ["diffusion"] = 1e-4 })
        {
            Arrays = ("x", "tt", ["uu"]),
        },
        new("helmholtz", "Helmholtz' equation with a x b half waves.", (n, _) => Equations.Helmholtz((int)n["a"], (int)n["b"]), new Dictionary<string, double> { ["a"] = 4, ["b"] = 1 }),
        new("convection", "A wave that is carried at a speed, u_t + speed u_x = 0.", (n, _) => Equations.Convection(n["speed"]), new Dictionary<string, double> { ["speed"] = 30 }),
        new("reaction", "A reaction at every point by itself, u_t = growth u (1 - u).", (n, _) => Equations.Reaction(n["growth"]), new Dictionary<string, double> { ["growth"] = 5 }),
        new("wave", "A string that swings in two modes, u_tt = speed^2 u_xx.", (n, _) => Equations.Wave(n["speed"]), new Dictionary<string, double> { ["speed"] = 2 }),
        new("poisson-l", "Poisson's equation on an L, whose inner corner is singular.", (_, _) => Equations.PoissonOnL(), new Dictionary<string, double>()),
        new("cavity", "The flow in a square under a lid that moves (Navier and Stokes).", (n, known) => Equations.Cavity(n["reynolds"], known), new Dictionary<string, double> { ["reynolds"] = 100 })
        {
            Arrays = ("x", "y", ["u", "v"]),
            Said = ("nu", "reynolds", nu => 1 / nu),
        },
    ];

    /// <summary>The equation that a content names or holds a solution of, or null.</summary>
    public static KnownEquation? Of(DataContent content) => content switch
    {
        DataContent.OfName ready => All.FirstOrDefault(equation => equation.Name == ready.Name),
        DataContent.OfArrays { Arrays: var arrays } => All.FirstOrDefault(equation => equation.Arrays is { } own && ((string[])[own.First, own.Second, .. own.Values]).All(arrays.ContainsKey)),
        _ => null,
    };

    /// <summary>Reads the equation that a content names or holds a solution of.</summary>
    /// <exception cref="ProblemException">There is none, or the solution is not one of it.</exception>
    public static DifferentialEquation Read(DataContent content, ProblemOptions options)
    {
        options.RequireOptions(DifferentialEquation.OfKind);
        var known = Of(content) ?? throw new ProblemException(
            $"{content.Path} names no equation and holds no solution of one: there is {string.Join(", ", All.Select(equation => equation.Name))}, and files with {string.Join("; or ", All.Where(equation => equation.Arrays is not null).Select(equation => $"{equation.Arrays!.Value.First}, {equation.Arrays.Value.Second}, {string.Join(", ", equation.Arrays.Value.Values)} of {equation.Name}"))}.");
        var numbers = known.Numbers(content as DataContent.OfArrays, options.Settings);
        if (content is not DataContent.OfArrays { Arrays: var arrays } || known.Arrays is not { } own) return known.Told(numbers, null);
        ReferenceSolution reference;
        try
        {
            reference = ReferenceSolution.OfArrays(content.Path, arrays, own.First, own.Second, own.Values);
        }
        catch (Formats.UnreadableFileException exception)
        {
            throw new ProblemException(exception.Message, exception);
        }
        var equation = known.Told(numbers, new(reference));
        if (equation.Contradiction(reference, Tolerance) is { } reason) throw new ProblemException($"{content.Path} looks like a solution of {known.Name}, but {reason}.");
        return equation.WithNotes([.. equation.Understood, $"the solution in {content.Name} judges: it is known at {reference.Points.Shape[0]} points", .. known.Compared(content.Path, numbers, reference)]);
    }

    /// <summary>What was kept of an equation with a model.</summary>
    /// <exception cref="ProblemException">It is not one of the library's.</exception>
    public static EquationPreparation ReadPreparation(JsonElement json)
    {
        var name = json.GetProperty("equation").GetString();
        var known = All.FirstOrDefault(equation => equation.Name == name)
            ?? throw new ProblemException($"the model solves the equation {name}, which is not one of the library's: state it again and give its preparation to Model.Load.");
        return new(known.Create(known.Usual.ToDictionary(pair => pair.Key, pair => json.TryGetProperty(pair.Key, out var value) ? value.GetDouble() : pair.Value), null));
    }

    /// <summary>The equation, with what it is and its numbers among its notes.</summary>
    private DifferentialEquation Told(Dictionary<string, double> numbers, Lazy<ReferenceSolution>? reference)
    {
        var equation = Create(numbers, reference);
        IEnumerable<string> settings = numbers.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} is {pair.Value:G6} (--set {pair.Key}=NUMBER takes another)"));
        return equation.WithNotes([$"{Name}: {Meaning.TrimEnd('.')}", .. settings, .. equation.Understood]);
    }

    /// <summary>The numbers in the equation: those that were said, those of the file, the usual ones.</summary>
    private Dictionary<string, double> Numbers(DataContent.OfArrays? file, IReadOnlyDictionary<string, string> settings)
    {
        var numbers = Usual.ToDictionary();
        var ofFile = new Dictionary<string, double>();
        if (file is not null && Said is { } said && file.Arrays.TryGetValue(said.Array, out var stored) && stored.Count == 1 && !stored.ElementType.IsComplex())
            numbers[said.Setting] = ofFile[said.Setting] = Math.Round(said.Of(stored.ToDoubles()[0]), 6);
        foreach (var (name, text) in settings)
        {
            if (!Usual.ContainsKey(name)) throw new ProblemException($"{Name} has no setting {name}: {(Usual.Count == 0 ? "it has none" : $"it has {string.Join(", ", Usual.Keys)}")}.");
            if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !(value > 0) || !double.IsFinite(value)) throw new ProblemException($"{name} is a number above 0, not \"{text}\".");
            if (ofFile.TryGetValue(name, out var other) && Math.Abs(value - other) > SaidTolerance * other)
                throw new ProblemException(string.Create(CultureInfo.InvariantCulture, $"{file!.Path} holds a solution for {name} {other:G6}, which cannot judge one for {name} {value:G6}: leave out --set {name}, or solve {Name} without the file."));
            numbers[name] = value;
        }
        return numbers;
    }

    /// <summary>How far a solution is from our own, where there is one: a wrong viscosity shows here alone.</summary>
    private IEnumerable<string> Compared(string path, Dictionary<string, double> numbers, ReferenceSolution reference)
    {
        if (Equations.At(Name, numbers, reference.Points) is not { } own) yield break;
        var difference = Training.Metric.RelativeL2(reference.Values, own).Item();
        if (difference > MostDifference)
            throw new ProblemException(string.Create(CultureInfo.InvariantCulture, $"{path} looks like a solution of {Name}, but differs by {difference:P0} from the solution for {string.Join(", ", numbers.Select(pair => $"{pair.Key} {pair.Value:G4}"))}: say another with --set."));
        yield return string.Create(CultureInfo.InvariantCulture, $"it differs by {difference:G2} (relative L2) from a solution computed here");
    }
}
