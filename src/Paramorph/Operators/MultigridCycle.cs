using Paramorph.Layers;

namespace Paramorph.Operators;

/// <summary>
/// A linear map between functions on a grid, learned as one V-cycle of multigrid with zero as the first guess: on each level u + B (f - A u) some times,
/// then what the next coarser level makes of the restricted residual, then smoothing again. All parts are convolutions without biases, which count
/// channels as well as neighbours; what they see beyond the edge (zeros, the other end, the mirror image) is the boundary condition. A grid of n places
/// costs O(n), and every place of the result depends on every place of the input once the coarsest grid is small. (He, Liu and Xu, "MgNO: efficient
/// parameterization of linear operators via multigrid", 2024, Algorithm 1.)
/// </summary>
/// <param name="Operator">A, from u to f, kernel 3; null where nothing but the first step of smoothing, which starts at zero, works on a level.</param>
/// <param name="Before">The smoothers B, from f to u, kernel 3, in the order of their steps on the way to the coarser level.</param>
/// <param name="Restriction">The residual to the next coarser level, kernel 3 and stride 2; null on the coarsest.</param>
/// <param name="Coarser">The cycle on the next coarser level; null on the coarsest.</param>
/// <param name="Prolongation">The correction back, a transposed convolution of kernel 4 and stride 2; null on the coarsest.</param>
/// <param name="After">The smoothers on the way back.</param>
[Tree]
public sealed partial record MultigridCycle(
    Convolution? Operator, TreeList<Convolution> Before, Convolution? Restriction, MultigridCycle? Coarser, ConvolutionTransposed? Prolongation,
    TreeList<Convolution> After) : ILayer
{
    private PaddingMode PaddingMode => Before[0].PaddingMode;

    /// <summary>A cycle with drawn weights.</summary>
    /// <param name="key">The key.</param>
    /// <param name="channels">Channels of f.</param>
    /// <param name="outputs">Channels of u.</param>
    /// <param name="before">Steps of smoothing on the way down on each level, the finest first, at least one each; their number is that of the levels.</param>
    /// <param name="after">Steps on the way up on each level, the coarsest without; none anywhere when empty.</param>
    /// <param name="paddingMode">The boundary condition: zeros for Dirichlet's, <see cref="PaddingMode.Symmetric"/> for Neumann's, <see cref="PaddingMode.Circular"/>.</param>
    /// <param name="spatialAxes">Number of spatial axes, one to three.</param>
    /// <param name="type">f32 or f64.</param>
    /// <exception cref="ShapeException">A number of steps is not allowed, or there are no levels.</exception>
    public static MultigridCycle Create(
        Key key, int channels, int outputs, Sequence<int> before, Sequence<int> after = default, PaddingMode paddingMode = PaddingMode.Zero,
        int spatialAxes = 2, ElementType type = ElementType.Float32)
    {
        if (before.Count == 0 || before.Any(steps => steps < 1) || after.Any(steps => steps < 0) || (after.Count != 0 && after.Count != before.Count - 1))
        {
            throw new ShapeException(
                $"multigrid cycle: {before} steps of smoothing before and {after} after make no cycle: each level has 1 or more before, and 0 or more after but for the coarsest.");
        }
        // What goes from level to level keeps its size, so that coarse levels count from the start; what is added on a level is small, so that sums stay so.
        var (withinLevel, betweenLevels) = (Initialiser.InverseRoot, Initialiser.LeCunNormal);
        Sequence<int> Kernel(int size) => [.. Enumerable.Repeat(size, spatialAxes)];
        Convolution Local(Key key, int from, int to, int stride = 1) => Convolution.Create(
            key, from, to, Kernel(3), new() { Stride = [stride], Padding = 1 }, paddingMode, hasBias: false, stride == 1 ? withinLevel : betweenLevels, type);
        // Beyond the edge the transposed convolution sees zeros; what else shall be there is put around the coarse function, and cut off the fine one.
        ConvolutionTransposed Finer(Key key) => ConvolutionTransposed.Create(
            key, outputs, outputs, Kernel(4), new() { Stride = [2], Padding = paddingMode == PaddingMode.Zero ? 1 : 3 }, hasBias: false, weight: betweenLevels, type: type);
        MultigridCycle Level(Key key, int level)
        {
            var (isCoarsest, later) = (level == before.Count - 1, level < after.Count ? after[level] : 0);
            TreeList<Convolution> Smoothers(Key key, int steps) => [.. Enumerable.Range(0, steps).Select(i => Local(key.Fold(i), channels, outputs))];
            return new(
                isCoarsest && before[level] == 1 ? null : Local(key.Fold(0), outputs, channels),
                Smoothers(key.Fold(1), before[level]),
                isCoarsest ? null : Local(key.Fold(2), channels, channels, stride: 2),
                isCoarsest ? null : Level(key.Fold(3), level + 1),
                isCoarsest ? null : Finer(key.Fold(4)),
                Smoothers(key.Fold(5), later));
        }
        return Initialise.Of(key, key => Level(key, 0));
    }

    /// <summary>
    /// [..., channels, spatial...] gives [..., outputs, spatial...] on the same grid. The next coarser level has half the places of each axis, rounded up.
    /// </summary>
    /// <exception cref="ShapeException">The channels do not fit, or a periodic axis has an odd number of places on a level but the coarsest.</exception>
    public Tensor Call(Tensor x)
    {
        var spatialAxes = Before[0].Weight.Rank - 2;
        ChannelAxis.Check("multigrid cycle", x, Before[0].Weight.Shape[1], spatialAxes);
        var u = Before[0].Call(x);
        Tensor Residual() => x - Operator!.Call(u);
        foreach (var smoother in Before.Skip(1)) u += smoother.Call(Residual());
        if (Coarser is not null) u += Prolonged(Coarser.Call(Restricted(Residual(), spatialAxes)), x.Shape, spatialAxes);
        foreach (var smoother in After) u += smoother.Call(Residual());
        return u;
    }

    private Tensor Restricted(Tensor residual, int spatialAxes)
    {
        if (PaddingMode == PaddingMode.Circular && residual.Shape[^spatialAxes..].Any(size => size % 2 != 0))
            throw new ShapeException($"multigrid cycle: {residual.Type} is not halved: on a periodic grid each of its {spatialAxes} spatial sizes must be even.");
        return Restriction!.Call(residual);
    }

    /// <summary>The correction on the finer grid, without the place too much that the half of an odd size becomes.</summary>
    private Tensor Prolonged(Tensor coarse, Shape fine, int spatialAxes)
    {
        if (PaddingMode != PaddingMode.Zero) coarse = coarse.Pad(PaddingMode, [.. Enumerable.Repeat((1, 1), spatialAxes)]);
        var u = Prolongation!.Call(coarse);
        for (var axis = 1; axis <= spatialAxes; axis++)
            if (u.Shape[^axis] != fine[^axis]) u = u.SliceAxis(-axis, 0, fine[^axis]);
        return u;
    }
}
