namespace Paramorph.Data.Solvers;

/// <summary>Functions of a place and a time as tables.</summary>
internal static class SpaceTime
{
    /// <summary>u(x, t) at points and times: f64 [times, points].</summary>
    public static Tensor Tabulate(Func<double, double, double> u, IReadOnlyList<double> points, IReadOnlyList<double> times) =>
        Tensor.From<double>([.. times.SelectMany(t => points.Select(x => u(x, t)))], [times.Count, points.Count]);
}
