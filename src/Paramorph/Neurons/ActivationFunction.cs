using System.Globalization;

namespace Paramorph.Neurons;

/// <summary>
/// An elementwise function between layers, as a value: its formula, which is also what is computed, its parameters, its range and its source. <see cref="All"/> holds those of the
/// literature, <see cref="ActivationLayer"/> is a layer of one.
/// </summary>
public sealed record ActivationFunction
{
    private static readonly Lazy<IReadOnlyList<ActivationFunction>> all = new(() => [.. Activations.All]);
    private static readonly Lazy<Dictionary<string, ActivationFunction>> byName = new(() => all.Value.ToDictionary(function => function.Name));

    private readonly ActivationFormula formula;

    /// <summary>Reads a function from its formula.</summary>
    /// <param name="name">The name, in lower case with hyphens.</param>
    /// <param name="title">The name in full.</param>
    /// <param name="formula">
    /// A formula of x and the parameters, such as <c>x &lt; 0 ? a*(exp(x) - 1) : x</c>: + - * / ^, the constant pi, comparisons of x or abs(x) with a bound, and exp, expm1, ln, sqrt, abs, sign,
    /// sin, cos, atan, sinh, tanh, asinh, sech, sinc (of pi x), erf, gamma, sigmoid, softplus, elu, gelu, max, min, clip.
    /// </param>
    /// <param name="parameters">The parameters that the formula names.</param>
    /// <exception cref="FormatException">The formula cannot be read.</exception>
    public ActivationFunction(string name, string title, string formula, params IReadOnlyList<ActivationParameter> parameters)
    {
        (Name, Title, Formula, Parameters) = (name, title, formula, parameters);
        this.formula = new(formula, [.. parameters.Select(parameter => parameter.Name)]);
    }

    /// <summary>The functions of the literature that the library knows, by family.</summary>
    public static IReadOnlyList<ActivationFunction> All => all.Value;

    /// <summary>The name, in lower case with hyphens.</summary>
    public string Name { get; }

    /// <summary>The name in full.</summary>
    public string Title { get; }

    /// <summary>The formula.</summary>
    public string Formula { get; }

    /// <summary>The parameters in the order in which values are given.</summary>
    public IReadOnlyList<ActivationParameter> Parameters { get; }

    /// <summary>What it belongs to: sigmoids, rectifiers, exponentials, gates, waves, bumps or sums.</summary>
    public string Family { get; init; } = "";

    /// <summary>Authors and year.</summary>
    public string Source { get; init; } = "";

    /// <summary>The greatest lower bound of its values, with the first values of its parameters; minus infinity where there is none.</summary>
    public double Low { get; init; } = double.NegativeInfinity;

    /// <summary>The least upper bound of its values, with the first values of its parameters; infinity where there is none.</summary>
    public double High { get; init; } = double.PositiveInfinity;

    /// <summary>Whether some parameters are learned.</summary>
    public bool IsLearned => Parameters.Any(parameter => parameter.IsLearned);

    /// <summary>The function of a name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public static ActivationFunction Of(string name) =>
        byName.Value.GetValueOrDefault(name) ?? throw new KeyNotFoundException($"there is no activation {name}: paramorph activations names them.");

    /// <summary>The value with the first values of the parameters: of the shape of x.</summary>
    /// <param name="x">f32 or f64, of any shape.</param>
    public Tensor Call(Tensor x) => Call(x, []);

    /// <summary>The value: of the shape of x.</summary>
    /// <param name="x">f32 or f64, of any shape.</param>
    /// <param name="learned">A value for each learned parameter, in order: scalars, or what broadcasts against x; none for their first values.</param>
    /// <exception cref="ArgumentException">They are not as many as the learned parameters.</exception>
    public Tensor Call(Tensor x, params IReadOnlyList<Tensor> learned)
    {
        var places = Parameters.Where(parameter => parameter.IsLearned).ToArray();
        if (learned.Count > 0 && learned.Count != places.Length)
            throw new ArgumentException($"{Name} has {places.Length} learned parameters, not {learned.Count}.", nameof(learned));
        return formula.Of(x, [.. Parameters.Select(parameter => learned.Count > 0 && parameter.IsLearned ? learned[Array.IndexOf(places, parameter)] : Tensor.Full([], parameter.First, x.ElementType))]);
    }

    /// <summary>Those that are one function under several names, with the first values of their parameters: whose values agree to nine digits at a thousand points from -10 to 10.</summary>
    /// <param name="functions">The functions.</param>
    /// <returns>Groups of two or more, in the order of their first members.</returns>
    public static IReadOnlyList<IReadOnlyList<ActivationFunction>> Coinciding(IEnumerable<ActivationFunction> functions)
    {
        var x = Tensor.From<double>([.. Enumerable.Range(0, 1001).Select(i => -10 + 0.02 * i)]);
        var groups = new List<(double[] Values, List<ActivationFunction> Members)>();
        foreach (var function in functions)
        {
            var values = function.Call(x).ToDoubles();
            var known = groups.Find(group => group.Values.Zip(values).All(pair => Math.Abs(pair.First - pair.Second) <= 1e-9 * (1 + Math.Abs(pair.First))));
            if (known.Members is null) groups.Add((values, [function]));
            else known.Members.Add(function);
        }
        return [.. groups.Where(group => group.Members.Count > 1).Select(group => group.Members)];
    }

    /// <summary>The range in words, such as <c>-0.2785 to inf</c>.</summary>
    public string Range => string.Create(CultureInfo.InvariantCulture, $"{Bound(Low)} to {Bound(High)}");

    /// <summary>Equal by name and formula, as two records of one function are.</summary>
    public bool Equals(ActivationFunction? other) => other is not null && (Name, Formula) == (other.Name, other.Formula) && Parameters.SequenceEqual(other.Parameters);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Formula);

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static string Bound(double value) => double.IsInfinity(value) ? value > 0 ? "inf" : "-inf" : value.ToString("0.####", CultureInfo.InvariantCulture);
}

/// <summary>A number in the formula of an activation.</summary>
/// <param name="Name">The letters by which the formula calls it.</param>
/// <param name="First">Its value, or the first one where it is learned.</param>
/// <param name="IsLearned">Whether it is learned with the weights.</param>
public sealed record ActivationParameter(string Name, double First, bool IsLearned);
