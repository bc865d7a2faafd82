namespace Paramorph.Physics;

/// <summary>
/// Conditions that a field meets by the way it is made, so that no loss has to see to them: u = g + d N, where g has the known values on all sides, d vanishes there, and N is free. Periodic axes
/// are seen through a sine and a cosine. (Lagaris, Likas and Fotiadis, "Artificial neural networks for solving ordinary and partial differential equations", 1998; for g the Boolean sum of
/// Gordon, "Blending-function methods of bivariate and multivariate interpolation", 1971.)
/// </summary>
internal sealed class ImposedConditions
{
    private const double Tolerance = 1e-9, SmoothJoin = 0.05;
    private const int CheckedPoints = 64;

    private readonly IReadOnlyList<Axis> axes;
    private readonly SideCondition[][] imposed;

    /// <param name="axes">The axes.</param>
    /// <param name="components">Names of the components.</param>
    /// <param name="conditions">What is known.</param>
    public ImposedConditions(IReadOnlyList<Axis> axes, IReadOnlyList<string> components, IReadOnlyList<SideCondition> conditions)
    {
        this.axes = axes;
        imposed = [.. components.Select((component, i) => Consistent([.. conditions.Where(condition => condition.Component is { } name ? name == component : i == 0)]))];
        Left = [.. conditions.Except(imposed.SelectMany(of => of))];
    }

    /// <summary>The conditions that stay for the loss: slopes without a value on the same side, and values that contradict others where sides meet.</summary>
    public IReadOnlyList<SideCondition> Left { get; }

    /// <summary>What a network sees of points [n, axes]: each axis from -1 to 1, a periodic one as a cosine and a sine.</summary>
    public Tensor Encode(Tensor points) => Tensor.Concatenate([.. axes.SelectMany((axis, i) => Seen(axis, points[.., i..(i + 1)]))], 1);

    /// <summary>Numbers that a network sees of a point.</summary>
    public int Features => axes.Sum(axis => axis.IsPeriodic ? 2 : 1);

    /// <summary>The field at points [n, axes] whose free part is given: [n, components] each.</summary>
    public Tensor Impose(Tensor points, Tensor free)
    {
        var at = new Coordinates(points, axes);
        var parts = imposed.Select((known, i) => Lift(at, known) + Distance(at, known) * free[.., i..(i + 1)]).ToArray();
        return parts.Length == 1 ? parts[0] : Tensor.Concatenate(parts, 1);
    }

    /// <summary>The number of the axis of a condition.</summary>
    public static int AxisOf(IReadOnlyList<Axis> axes, SideCondition condition)
    {
        if (condition.Axis is { } name) return Coordinates.Place(axes, name);
        for (var i = 0; i < axes.Count; i++)
            if (axes[i].IsTime) return i;
        throw new ArgumentException("a condition at the start needs an axis that is the time.", nameof(condition));
    }

    private static Tensor[] Seen(Axis axis, Tensor x)
    {
        if (!axis.IsPeriodic) return [(x - axis.Low) * (2 / axis.Length) - 1.0];
        var phase = (x - axis.Low) * (2 * Math.PI / axis.Length);
        return [Tensor.Cos(phase), Tensor.Sin(phase)];
    }

    /// <summary>The conditions that can be met together; those that contradict others most are left out.</summary>
    private SideCondition[] Consistent(List<SideCondition> wanted)
    {
        wanted.RemoveAll(HasKink);
        wanted.RemoveAll(condition => condition.IsSlope && !wanted.Exists(other => IsPaired(condition, other) && !wanted.Exists(third => IsOpposite(third, other))));
        while (wanted.Count > 0)
        {
            var (worst, error) = wanted.Select(condition => (condition, Error: ErrorOn(condition, wanted))).MaxBy(pair => pair.Error);
            if (error <= Tolerance) break;
            wanted.RemoveAll(condition => condition == worst || IsPaired(condition, worst));
        }
        return [.. wanted];
    }

    /// <summary>
    /// Whether what is known does not join smoothly at the ends of a periodic axis. Built in, a kink of the start would stay for all times, which a solution may not.
    /// </summary>
    private bool HasKink(SideCondition condition)
    {
        var apart = AxisOf(axes, condition);
        foreach (var (axis, of) in axes.Index().Where(pair => pair.Item.IsPeriodic && pair.Index != apart))
        {
            var along = Tensor.From<double>([.. axes.Select((_, i) => i == axis ? 1.0 : 0)]);
            Tensor[] At(double place) => Taylor.Derivatives(Random(0).At(axis, place).Points, along, 1, points => condition.Value(new(points, axes)));
            var (low, high) = (At(of.Low), At(of.High));
            var size = Tensor.Abs(condition.Value(Random(1))).Max().Item();
            if (!(Tensor.Abs(low[0] - high[0]).Max().Item() <= SmoothJoin * size && Tensor.Abs(low[1] - high[1]).Max().Item() <= SmoothJoin * size / of.Length)) return true;
        }
        return false;
    }

    /// <summary>Points of the box.</summary>
    private Coordinates Random(int draw) => new(
        Tensor.From<double>([.. axes.Select(axis => axis.Low)]) + Tensor.From<double>([.. axes.Select(axis => axis.Length)]) * Sample.Uniform(Key.Of(draw), [CheckedPoints, axes.Count], type: ElementType.Float64), axes);

    /// <summary>Whether the first is the slope, and the second the value, on one side.</summary>
    private bool IsPaired(SideCondition slope, SideCondition value) => slope.IsSlope && !value.IsSlope && AxisOf(axes, slope) == AxisOf(axes, value) && slope.Side == value.Side;

    private bool IsOpposite(SideCondition a, SideCondition b) => !a.IsSlope && AxisOf(axes, a) == AxisOf(axes, b) && a.Side != b.Side;

    private double ErrorOn(SideCondition condition, List<SideCondition> known)
    {
        if (condition.IsSlope) return 0;
        var axis = AxisOf(axes, condition);
        var (low, length) = (Tensor.From<double>([.. axes.Select(a => a.Low)]), Tensor.From<double>([.. axes.Select(a => a.Length)]));
        // Where sides meet values must agree; elsewhere they do by construction.
        var corners = Tensor.Round(2.0 * Sample.Uniform(Key.Of(1), [CheckedPoints, axes.Count], type: ElementType.Float64)) / 2.0;
        var at = new Coordinates(low + length * corners, axes).At(axis, End(axis, condition.Side));
        var error = Tensor.Abs(Lift(at, known) - condition.Value(at)).Max().Item();
        return double.IsNaN(error) ? double.PositiveInfinity : error;
    }

    private double End(int axis, Side side) => side == Side.Low ? axes[axis].Low : axes[axis].High;

    /// <summary>g: axis by axis, what is still missing on its ends is added between them.</summary>
    private Tensor Lift(Coordinates at, IReadOnlyList<SideCondition> known) => Lift(at, known, axes.Count);

    private Tensor Lift(Coordinates at, IReadOnlyList<SideCondition> known, int upTo)
    {
        if (upTo == 0) return at.Zero;
        var axis = upTo - 1;
        var own = known.Where(condition => AxisOf(axes, condition) == axis).ToArray();
        var before = Lift(at, known, axis);
        if (own.Length == 0) return before;
        var share = (at.Of(axis) - axes[axis].Low) / axes[axis].Length;
        var hasBoth = own.Count(condition => !condition.IsSlope) == 2;
        foreach (var condition in own)
        {
            var side = at.At(axis, End(axis, condition.Side));
            if (condition.IsSlope)
            {
                var along = Tensor.From<double>([.. axes.Select((_, i) => i == axis ? 1.0 : 0)]).AsType(at.Points.ElementType);
                var slope = Taylor.Derivatives(side.Points, along, 1, points => Lift(new(points, axes), known, axis))[1];
                before += (at.Of(axis) - End(axis, condition.Side)) * (condition.Value(side) - slope);
                continue;
            }
            var missing = condition.Value(side) - Lift(side, known, axis);
            before += !hasBoth ? missing : condition.Side == Side.Low ? (1.0 - share) * missing : share * missing;
        }
        return before;
    }

    /// <summary>d: zero where values are known, twice where slopes are too.</summary>
    private Tensor Distance(Coordinates at, IReadOnlyList<SideCondition> known)
    {
        var distance = Tensor.OnesLike(at.Zero);
        foreach (var condition in known)
        {
            var axis = AxisOf(axes, condition);
            var share = (at.Of(axis) - axes[axis].Low) / axes[axis].Length;
            distance *= condition.Side == Side.Low ? share : 1.0 - share;
            if (known.Any(other => IsOpposite(other, condition))) distance *= 2.0;
        }
        return distance;
    }
}
