using System.Globalization;
using System.Text.Json;
using Paramorph.Data;
using Paramorph.Experiments;
using Paramorph.Layers;
using Paramorph.Physics;
using Metric = Paramorph.Experiments.Metric;

namespace Paramorph.Problems;

/// <summary>
/// A differential equation in a box of some coordinates, one of which may be time: a field is looked for that leaves no residual and meets what is known on the sides. There are no examples; a
/// reference solution, where there is one, only judges.
/// </summary>
public sealed class DifferentialEquation : Problem
{
    private const int JudgedPoints = 4096, PictureHeight = 300;

    private readonly ImposedConditions imposed;
    /// <summary>Where residuals are measured to choose among models, and where to judge.</summary>
    private readonly Lazy<CollocationPoints>[] judged;
    private readonly Lazy<ReferenceSolution>? solution;

    /// <param name="axes">The coordinates.</param>
    /// <param name="residual">What vanishes for a solution, from the field and its derivatives: [n, equations].</param>
    /// <param name="conditions">What is known on sides; periodic axes need nothing.</param>
    /// <param name="components">Names of the components of the field; u alone when null.</param>
    /// <param name="hole">What is left out of the box, or nothing.</param>
    /// <param name="solution">Computes or holds a reference, or null.</param>
    /// <exception cref="ArgumentException">A condition is of an axis or a component that there is not.</exception>
    public DifferentialEquation(
        IReadOnlyList<Axis> axes, Func<Jet, Tensor> residual, IEnumerable<SideCondition> conditions, IReadOnlyList<string>? components = null, Hole? hole = null,
        Lazy<ReferenceSolution>? solution = null)
    {
        (Axes, Residual, Conditions, Components, Hole, this.solution) = (axes, residual, [.. conditions], components ?? ["u"], hole, solution);
        if (axes.Count == 0) throw new ArgumentException("an equation needs an axis.", nameof(axes));
        foreach (var condition in Conditions)
        {
            _ = ImposedConditions.AxisOf(axes, condition);
            if (condition.Component is { } name && !Components.Contains(name)) throw new ArgumentException($"there is no component {name}: there is {string.Join(", ", Components)}.", nameof(conditions));
        }
        imposed = new(axes, Components, Conditions);
        Understood = [.. Described()];
        judged = [.. new[] { 7, 9 }.Select(key => new Lazy<CollocationPoints>(() => new(Inside(Key.Of(key), JudgedPoints), OnSides(Key.Of(key + 1), JudgedPoints / 8, Conditions))))];
    }

    /// <summary>The kind.</summary>
    [ProblemKind]
    public static ProblemKind OfKind => new("differential-equation", "A field that solves a differential equation: one that is known by its name, or one of your own stated in C#.")
    {
        Suits = (content, _) => KnownEquation.Of(content) is null ? 0 : 5,
        Read = (content, options) => KnownEquation.Read(content, options),
        ReadPreparation = json => KnownEquation.ReadPreparation(json),
        Ready = [.. KnownEquation.All.Select(equation => equation.Name)],
    };

    /// <inheritdoc/>
    public override string Kind => OfKind.Name;

    /// <summary>The coordinates.</summary>
    public IReadOnlyList<Axis> Axes { get; }

    /// <summary>Names of the components of the field.</summary>
    public IReadOnlyList<string> Components { get; }

    /// <summary>What vanishes for a solution, from the field and its derivatives: [n, equations].</summary>
    public Func<Jet, Tensor> Residual { get; }

    /// <summary>What is known on sides.</summary>
    public IReadOnlyList<SideCondition> Conditions { get; }

    /// <summary>What is left out of the box, or null.</summary>
    public Hole? Hole { get; }

    /// <summary>A solution to judge by, or null.</summary>
    public ReferenceSolution? Reference => solution?.Value;

    /// <summary>Numbers that the equation was made with, such as a viscosity: they are kept with a model.</summary>
    public IReadOnlyDictionary<string, double> Settings { get; init; } = new Dictionary<string, double>();

    /// <summary>The lower corner of the box.</summary>
    public Sequence<double> Low => [.. Axes.Select(axis => axis.Low)];

    /// <summary>The upper corner.</summary>
    public Sequence<double> High => [.. Axes.Select(axis => axis.High)];

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> Metrics => solution is null ? [ResidualMetric] : [ReferenceMetric, ResidualMetric];

    /// <inheritdoc/>
    public override ModelSignature Signature => new([imposed.Features], [Components.Count]);

    /// <inheritdoc/>
    public override Preparation Preparation => new EquationPreparation(this);

    /// <summary>The conditions that a field of <see cref="Field"/> does not meet by the way it is made.</summary>
    public IReadOnlyList<SideCondition> LeftConditions => imposed.Left;

    /// <summary>The distance to a reference.</summary>
    public static Metric ReferenceMetric { get; } = new("relative L2", "|u - reference| / |reference| over points of the reference");

    private static Metric ResidualMetric { get; } = new("residual RMS", "root of the mean squared residual over points of the box, with the weighted mean squared errors of what is known on its sides");

    /// <summary>The field that a model stands for: conditions are built in where they can be.</summary>
    /// <param name="model">From what <see cref="Preparation"/> makes of points to [n, components].</param>
    /// <returns>From points [n, axes] to [n, components].</returns>
    public Func<Tensor, Tensor> Field(ILayer model) => points => Impose(points, model.Call(Encode(points)));

    /// <summary>The residuals of a field: [n, equations].</summary>
    /// <param name="u">From points [n, axes] to [n, components], row by row.</param>
    /// <param name="points">[n, axes].</param>
    public Tensor Residuals(Func<Tensor, Tensor> u, Tensor points) => Residual(Jet.Of(u, points, Axes));

    /// <summary>The mean squared residual, summed over equations, and the mean squared errors of conditions that are not built in, each with its weight.</summary>
    /// <param name="u">The field, from points [n, axes] to [n, components].</param>
    /// <param name="points">Where: <see cref="Draw"/>.</param>
    public Tensor Loss(Func<Tensor, Tensor> u, CollocationPoints points) => Loss(u, points, LeftConditions);

    /// <summary>
    /// The same with points drawn evenly at random and all conditions as parts of the loss, for fields that meet none by the way they are made. (Raissi, Perdikaris and Karniadakis,
    /// "Physics-informed neural networks", 2019.)
    /// </summary>
    /// <param name="u">The field, from points [n, axes] to [n, components].</param>
    /// <param name="key">Where points are drawn.</param>
    /// <param name="points">How many inside; a quarter of as many for each condition.</param>
    /// <param name="type">f32 or f64.</param>
    /// <exception cref="NotSupportedException">The box has a hole.</exception>
    public Tensor Loss(Func<Tensor, Tensor> u, Key key, int points, ElementType type = ElementType.Float32)
    {
        if (Hole is not null) throw new NotSupportedException("a box with a hole has no loss at points drawn within a compiled step: draw them with Draw.");
        var few = Math.Max(1, points / 4);
        var loss = MeanSquare(Residuals(u, Uniform(key.Fold(0), points, type)));
        foreach (var (i, condition) in Conditions.Index())
            loss += condition.Weight * MeanSquare(Errors(u, condition, OnSide(condition, Uniform(key.Fold(1 + i), few, type)).Points));
        foreach (var (i, axis) in Axes.Index().Where(pair => pair.Item.IsPeriodic))
            loss += Seam(u, i, new Coordinates(Uniform(key.Fold(-1 - i), few, type), Axes));
        return loss;
    }

    /// <summary>Points inside, on the side of each condition that is not built in, and on the walls of a hole: f64.</summary>
    /// <param name="key">Draws them.</param>
    /// <param name="inside">How many inside.</param>
    /// <param name="onSide">How many on each side.</param>
    public CollocationPoints Draw(Key key, int inside, int onSide) => new(Inside(key.Fold(0), inside), OnSides(key, onSide));

    /// <summary>Points evenly at random on the side of each condition that is not built in, and on the walls of a hole: f64 [m, axes] each.</summary>
    public TreeList<Tensor> OnSides(Key key, int onSide) => OnSides(key, onSide, LeftConditions);

    /// <summary>Points evenly at random in the box without its hole: f64 [n, axes].</summary>
    public Tensor Inside(Key key, int count)
    {
        var (random, points, point) = (new KeyRandom(key), new double[count * Axes.Count], new double[Axes.Count]);
        for (var i = 0; i < count;)
        {
            for (var axis = 0; axis < point.Length; axis++) point[axis] = random.Uniform(Axes[axis].Low, Axes[axis].High);
            if (Hole?.Contains(point) == true) continue;
            point.CopyTo(points, i++ * point.Length);
        }
        return Tensor.From(points, [count, Axes.Count]);
    }

    /// <summary>|u - reference| / |reference| over all points of the reference.</summary>
    /// <param name="u">The field, from points [n, axes] to [n, components]; pass a compiled function.</param>
    /// <exception cref="ProblemException">There is no reference.</exception>
    public double RelativeError(Func<Tensor, Tensor> u) =>
        Reference is { } known ? RelativeError(u, known) : throw new ProblemException($"there is no reference solution of {Name} to compare with.");

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Validate(ILayer model) => Judge(Field(model), 0);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Test(ILayer model) => Judge(Field(model), 1);

    /// <inheritdoc/>
    public override IReadOnlyList<SimpleAnswer> SimpleAnswers()
    {
        var answers = new List<SimpleAnswer> { Simple("zero", points => Constant(points, Enumerable.Repeat(0.0, Components.Count))) };
        if (Reference is { } known)
        {
            double[] means = [.. Enumerable.Range(0, Components.Count).Select(i => i < known.Values.Shape[1] ? known.Values[.., i].Mean().Item() : 0)];
            answers.Add(Simple("mean of the reference", points => Constant(points, means)));
        }
        if (Conditions.Any(IsStart)) answers.Add(Simple("start carried on", Start));
        return answers;
    }

    /// <inheritdoc/>
    public override IEnumerable<Illustration> Illustrations(ILayer model, IReadOnlyList<double> halfWidths)
    {
        if (Axes.Count != 2) yield break;
        var field = Compile.Of((ILayer model, Tensor points) => Field(model)(points));
        for (var i = 0; i < Components.Count; i++)
        {
            var component = i;
            yield return new(Components[i], $"{Components[i]}; {Axes[1].Name} goes to the right, {Axes[0].Name} up")
            {
                Picture = Picture.Of(
                    at => field(model, Tensor.Stack([at[.., 1], at[.., 0]], 1).AsType(ElementType.Float64))[.., component..(component + 1)],
                    (Axes[1].Low, Axes[1].High), (Axes[0].Low, Axes[0].High), 2 * PictureHeight, PictureHeight),
            };
        }
    }

    /// <summary>The same with other notes.</summary>
    internal DifferentialEquation WithNotes(IReadOnlyList<string> notes) =>
        new(Axes, Residual, Conditions, Components, Hole, solution) { Name = Name, Settings = Settings, Understood = notes };

    /// <summary>The box, what is known on its sides, and what judges.</summary>
    private IEnumerable<string> Described()
    {
        var culture = CultureInfo.InvariantCulture;
        yield return $"{string.Join(", ", Components)} as a function of {string.Join(", ", Axes.Select(axis => string.Create(culture, $"{axis.Name} from {axis.Low:G6} to {axis.High:G6}{(axis.IsPeriodic ? " (periodic)" : "")}")))}{(Hole is null ? "" : ", but for a part that is cut out")}";
        if (Conditions.Count > 0)
        {
            yield return $"known on sides: {string.Join(", ", Conditions.Select(condition =>
            {
                var axis = Axes[ImposedConditions.AxisOf(Axes, condition)];
                return string.Create(culture, $"{Components[Of(condition)]}{(condition.IsSlope ? $"_{axis.Name}" : "")} at {axis.Name} = {(condition.Side == Side.Low ? axis.Low : axis.High):G6}");
            }))}; {(LeftConditions.Count == 0 ? "all are met by the way the field is made" : $"{Conditions.Count - LeftConditions.Count} of {Conditions.Count} are met by the way the field is made, the others by training")}";
        }
        yield return solution is null ? "no solution is known: the residual at other points judges" : "a solution that is known judges, and takes no part in training";
    }

    /// <summary>What a network sees of points.</summary>
    internal Tensor Encode(Tensor points) => imposed.Encode(points);

    /// <summary>The field whose free part is given.</summary>
    internal Tensor Impose(Tensor points, Tensor free) => imposed.Impose(points, free);

    /// <summary>Says in a sentence why a reference is not one of this equation; null if it may be.</summary>
    /// <param name="known">The reference.</param>
    /// <param name="tolerance">By how much its values may differ from what is known on sides.</param>
    public string? Contradiction(ReferenceSolution known, double tolerance)
    {
        var (points, values, width) = (known.Points.ToDoubles(), known.Values, Axes.Count);
        if (values.ToDoubles().Any(value => !double.IsFinite(value))) return "it holds values that are no numbers";
        foreach (var (i, axis) in Axes.Index())
        {
            var places = Enumerable.Range(0, points.Length / width).Select(row => points[row * width + i]).ToArray();
            var (low, high, slack) = (places.Min(), places.Max(), 0.05 * axis.Length);
            if (Math.Abs(low - axis.Low) > slack || Math.Abs(high - axis.High) > slack)
                return string.Create(CultureInfo.InvariantCulture, $"its {axis.Name} goes from {low:G4} to {high:G4}, and that of the equation from {axis.Low:G4} to {axis.High:G4}");
        }
        foreach (var condition in Conditions.Where(condition => !condition.IsSlope))
        {
            var axis = ImposedConditions.AxisOf(Axes, condition);
            var component = Of(condition);
            var end = condition.Side == Side.Low ? Axes[axis].Low : Axes[axis].High;
            int[] rows = [.. Enumerable.Range(0, points.Length / width).Where(row => Math.Abs(points[row * width + axis] - end) < 1e-6 * Axes[axis].Length)];
            // Where sides meet a reference may follow the other one.
            rows = [.. rows.Where(row => !Conditions.Any(other => other != condition && other.Component == condition.Component && IsOn(other, points.AsSpan(row * width, width), axis)))];
            if (rows.Length == 0 || component >= values.Shape[1]) continue;
            var at = known.Points.Take(Tensor.From(rows));
            var error = Tensor.Abs(condition.Value(new(at, Axes))[.., 0] - values.Take(Tensor.From(rows))[.., component]).Max().Item();
            if (!(error <= tolerance))
                return string.Create(CultureInfo.InvariantCulture, $"its {Components[component]} at {Axes[axis].Name} = {end:G4} differs from what is known there by up to {error:G3}, more than {tolerance:G3}");
        }
        return null;
    }

    /// <summary>Whether a point lies on the side of a condition, of another axis than one.</summary>
    private bool IsOn(SideCondition condition, ReadOnlySpan<double> point, int apart)
    {
        var axis = ImposedConditions.AxisOf(Axes, condition);
        return axis != apart && Math.Abs(point[axis] - (condition.Side == Side.Low ? Axes[axis].Low : Axes[axis].High)) < 1e-6 * Axes[axis].Length;
    }

    private static Tensor MeanSquare(Tensor errors) => Tensor.Square(errors).Sum(-1).Mean();

    private static Tensor Constant(Tensor points, IEnumerable<double> values) => Tensor.From<double>([.. values]).AsType(points.ElementType).BroadcastTo([points.Shape[0], values.Count()]);

    private static bool IsStart(SideCondition condition) => condition is { Axis: null, Side: Side.Low, IsSlope: false };

    /// <summary>What is known at the start, at all times.</summary>
    private Tensor Start(Tensor points)
    {
        var at = new Coordinates(points, Axes);
        return Tensor.Concatenate([.. Components.Select((component, i) => Conditions.FirstOrDefault(condition => IsStart(condition) && Of(condition) == i) is { } start
            ? start.Value(OnSide(start, points))
            : at.Zero)], 1);
    }

    /// <summary>The number of the component that a condition is of.</summary>
    private int Of(SideCondition condition) => condition.Component is { } name ? Components.ToList().IndexOf(name) : 0;

    private SimpleAnswer Simple(string name, Func<Tensor, Tensor> u) => new(name, Judge(u, 0), Judge(u, 1));

    /// <summary>The metrics, of the reference over every other point: those of one parity choose among models, those of the other judge.</summary>
    private Dictionary<string, double> Judge(Func<Tensor, Tensor> u, int part)
    {
        var squares = Compile.Of((CollocationPoints points) => Loss(u, points, Conditions))(judged[part].Value);
        var measures = new Dictionary<string, double> { [ResidualMetric.Name] = Math.Sqrt(squares.Item()) };
        if (Reference is not { } known) return measures;
        var rows = Tensor.From<int>([.. Enumerable.Range(0, known.Points.Shape[0]).Where(i => i % 2 == part)]);
        measures[ReferenceMetric.Name] = RelativeError(Compile.Of(u), new(known.Points.Take(rows).Evaluate(), known.Values.Take(rows).Evaluate()));
        return measures;
    }

    private static double RelativeError(Func<Tensor, Tensor> u, ReferenceSolution known) =>
        Training.Metric.RelativeL2(u(known.Points)[.., ..known.Values.Shape[1]].AsType(ElementType.Float64).Evaluate(), known.Values).Item();

    private Tensor Uniform(Key key, int points, ElementType type) =>
        Tensor.From([.. Low]).AsType(type) + Sample.Uniform(key, [points, Axes.Count], type: type) * Tensor.From<double>([.. Axes.Select(axis => axis.Length)]).AsType(type);

    private TreeList<Tensor> OnSides(Key key, int onSide, IReadOnlyList<SideCondition> conditions) =>
    [
        .. conditions.Select((condition, i) => OnSide(condition, Inside(key.Fold(1 + i), onSide)).Points.Evaluate()),
        .. Hole is { } hole ? [hole.Walls(Axes, key.Fold(0), onSide)] : (Tensor[])[],
    ];

    /// <summary>The mean squared residual with the weighted mean squared errors of some conditions and on the walls of a hole.</summary>
    private Tensor Loss(Func<Tensor, Tensor> u, CollocationPoints points, IReadOnlyList<SideCondition> conditions)
    {
        var loss = MeanSquare(Residuals(u, points.Inside));
        foreach (var (i, condition) in conditions.Index()) loss += condition.Weight * MeanSquare(Errors(u, condition, points.OnSides[i]));
        return Hole is { } hole ? loss + hole.Weight * MeanSquare(u(points.OnSides[^1])) : loss;
    }

    private Coordinates OnSide(SideCondition condition, Tensor points)
    {
        var axis = ImposedConditions.AxisOf(Axes, condition);
        return new Coordinates(points, Axes).At(axis, condition.Side == Side.Low ? Axes[axis].Low : Axes[axis].High);
    }

    private Tensor Errors(Func<Tensor, Tensor> u, SideCondition condition, Tensor points)
    {
        var jet = Jet.Of(u, points, Axes).Of(Of(condition));
        return (condition.IsSlope ? jet[Axes[ImposedConditions.AxisOf(Axes, condition)].Name] : jet.U) - condition.Value(jet.At);
    }

    /// <summary>By how much the field and its slope differ at the ends of a periodic axis.</summary>
    private Tensor Seam(Func<Tensor, Tensor> u, int axis, Coordinates at)
    {
        var (low, high) = (Jet.Of(u, at.At(axis, Axes[axis].Low).Points, Axes), Jet.Of(u, at.At(axis, Axes[axis].High).Points, Axes));
        return MeanSquare(low.U - high.U) + MeanSquare(low[Axes[axis].Name] - high[Axes[axis].Name]);
    }
}
