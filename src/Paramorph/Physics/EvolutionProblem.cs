using Paramorph.Data.Solvers;

namespace Paramorph.Physics;

/// <summary>
/// A partial differential equation in one place and time that a field u(x, t) is to solve: its residual, what is known at its start and at its ends, and a
/// reference solution to judge by. Points are rows (x, t).
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="Left">Left end.</param>
/// <param name="Right">Right end.</param>
/// <param name="End">The last time; the first is 0.</param>
/// <param name="Residual">What vanishes for a solution, from u and its derivatives.</param>
/// <param name="Initial">u at time 0, from places [n, 1].</param>
/// <param name="Ends">What is known at the ends.</param>
/// <param name="Solution">Computes or holds the solution.</param>
public sealed record EvolutionProblem(
    string Name,
    double Left,
    double Right,
    double End,
    Func<Jet, Tensor> Residual,
    Func<Tensor, Tensor> Initial,
    EndCondition Ends,
    Lazy<ReferenceSolution> Solution) : IFieldProblem
{
    /// <summary>The solution.</summary>
    public ReferenceSolution Reference => Solution.Value;

    /// <inheritdoc/>
    public Sequence<double> Low => [Left, 0.0];

    /// <inheritdoc/>
    public Sequence<double> High => [Right, End];

    /// <summary>How much the error at the start counts in the loss beside the residual.</summary>
    public double InitialWeight { get; init; } = 1;

    /// <summary>Burgers' equation u_t + u u_x = nu u_xx on [-1, 1] with u(x, 0) = -sin(pi x) and u = 0 at the ends; by default nu = 0.01 / pi.</summary>
    /// <param name="viscosity">nu.</param>
    /// <param name="reference">A solution; without one it is computed.</param>
    public static EvolutionProblem Burgers(double viscosity = 0.01 / Math.PI, ReferenceSolution? reference = null) => new(
        "burgers", -1, 1, 1,
        jet => jet.T + jet.U * jet.X - viscosity * jet.Xx,
        x => -Tensor.Sin(Math.PI * x),
        EndCondition.Zero,
        Known(reference, 1024, times => new Burgers(Grid(1024), viscosity).Solve(Grid(1024).Sample(x => -Math.Sin(Math.PI * x)), times, 1e-3)));

    /// <summary>The Allen-Cahn equation u_t = d u_xx + 5 (u - u^3), periodic on [-1, 1], with u(x, 0) = x^2 cos(pi x); by default d = 1e-4.</summary>
    /// <param name="diffusion">d.</param>
    /// <param name="reference">A solution; without one it is computed.</param>
    public static EvolutionProblem AllenCahn(double diffusion = 1e-4, ReferenceSolution? reference = null) => new(
        "allen-cahn", -1, 1, 1,
        jet => jet.T - diffusion * jet.Xx - 5.0 * (jet.U - jet.U * jet.U * jet.U),
        x => x * x * Tensor.Cos(Math.PI * x),
        EndCondition.Periodic,
        Known(reference, 512, times => Data.Solvers.AllenCahn.On(Grid(512), diffusion).Solve(Grid(512).Sample(x => x * x * Math.Cos(Math.PI * x)), times, 5e-3)))
    {
        InitialWeight = 100,
    };

    /// <summary>
    /// The mean of the squared residual at points drawn evenly at random, plus the errors at the start and at the ends: what a physics-informed network
    /// minimises. (Raissi, Perdikaris and Karniadakis, 2019.)
    /// </summary>
    /// <param name="u">The field, from points [n, 2] to [n, 1].</param>
    /// <param name="key">Where points are drawn.</param>
    /// <param name="points">How many inside; a quarter of as many at the start and at the ends.</param>
    /// <param name="type">f32 or f64.</param>
    public Tensor Loss(Func<Tensor, Tensor> u, Key key, int points, ElementType type = ElementType.Float32)
    {
        var keys = key.Split(3);
        var few = Math.Max(1, points / 4);
        var residual = Residual(Jet.Of(u, Uniform(keys[0], points, type)));
        var x = Sample.Uniform(keys[1], [few, 1], Left, Right, type);
        var start = u(Tensor.Concatenate([x, Tensor.ZerosLike(x)], 1)) - Initial(x);
        var t = Sample.Uniform(keys[2], [few, 1], 0.0, End, type);
        return Tensor.Square(residual).Mean() + InitialWeight * Tensor.Square(start).Mean() + Ends.Loss(u, Left, Right, t);
    }

    /// <summary>|u - reference| / |reference| over the points of the reference.</summary>
    /// <param name="u">The field, from points [n, 2] to [n, 1]; pass a compiled function.</param>
    public double RelativeError(Func<Tensor, Tensor> u) =>
        Training.Metric.RelativeL2(u(Reference.Points()).AsType(ElementType.Float64).Reshape([.. Reference.Values.Shape]), Reference.Values).Item();

    private static PeriodicGrid Grid(int count) => new(count, 2, -1);

    private static Lazy<ReferenceSolution> Known(ReferenceSolution? reference, int count, Func<IReadOnlyList<double>, Tensor> solve) =>
        reference is null ? new(() => Solved(count, solve)) : new(reference);

    private static ReferenceSolution Solved(int count, Func<IReadOnlyList<double>, Tensor> solve)
    {
        const int Times = 101, Every = 4;
        double[] times = [.. Enumerable.Range(0, Times).Select(i => i / (Times - 1.0))];
        var all = solve(times);
        return new(Grid(count).Points()[TensorIndex.Every(Every, ..)].Evaluate(), Tensor.From(times), all[.., TensorIndex.Every(Every, ..)].Evaluate());
    }

    private Tensor Uniform(Key key, int points, ElementType type)
    {
        var unit = Sample.Uniform(key, [points, 2], type: type);
        return Tensor.From(Left, 0.0).AsType(type) + unit * Tensor.From(Right - Left, End).AsType(type);
    }
}
