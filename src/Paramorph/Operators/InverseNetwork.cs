using Paramorph.Layers;

namespace Paramorph.Operators;

/// <summary>
/// A convolutional network that learns the inverse of a symmetric positive matrix on a grid up to a factor: residual blocks on each level of ever coarser grids,
/// as far as they halve, between which residuals are summed, and on the way back the adjoints of the same blocks, between which corrections are interpolated,
/// with weights that keep constant around an obstacle what is constant. So whatever the weights are, it is a symmetric map of the residual without negative
/// eigenvalues, and but for singular weights a positive one, as the inverse is: a direction from it lowers the error. It is not linear in where obstacles are,
/// which gates its features; the levels share their weights, so that what was learned on one grid works on larger ones with more levels; and in obstacles all
/// features are kept at zero. (After Kaneda et al., "A deep conjugate direction method for iteratively solving linear systems", 2023, section 4, whose network
/// has ReLUs, no gates, no symmetry, and two levels with weights of their own.)
/// </summary>
/// <param name="Input">The convolution of kernel 3 from the residual to the features, without an activation behind it; its adjoint ends the way back.</param>
/// <param name="Blocks">The blocks of a level.</param>
[Tree]
public sealed partial record InverseNetwork(Convolution Input, TreeList<GatedBlock> Blocks)
{
    /// <summary>A side that is not halved any more.</summary>
    private const int Coarsest = 4;

    /// <summary>
    /// A network that starts near the sum over all levels of restriction and interpolation (Bramble, Pasciak and Xu, "Parallel multilevel preconditioners",
    /// 1990): what the blocks add is drawn, and small.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="width">Features of each cell.</param>
    /// <param name="blocks">Residual blocks of a level.</param>
    /// <param name="type">f32 or f64.</param>
    /// <exception cref="ShapeException">A number is below 1.</exception>
    public static InverseNetwork Create(Key key, int width = 16, int blocks = 1, ElementType type = ElementType.Float32)
    {
        if (blocks < 1) throw new ShapeException($"inverse network: {blocks} blocks on a level make no network: there are 1 or more.");
        return Initialise.Of(key, key =>
        {
            var centre = Tensor.Full([width, 1, 1, 1], 1 / Math.Sqrt(width), type).Pad(PaddingMode.Zero, [(1, 1), (1, 1)]);
            var input = Convolution.Create(key.Fold(0), 1, width, [3, 3], hasBias: false, weight: Initialiser.Normal(0.01), type: type);
            return new InverseNetwork(
                input with { Weight = input.Weight + centre }, [.. Enumerable.Range(0, blocks).Select(i => GatedBlock.Create(key.Fold(1).Fold(i), width, type))]);
        });
    }

    /// <summary>Directions for residuals.</summary>
    /// <param name="residual">[batch, rows, columns].</param>
    /// <param name="isFree">1 outside of obstacles and 0 in them: [rows, columns] of the type of the weights.</param>
    /// <returns>[batch, rows, columns].</returns>
    public Tensor Call(Tensor residual, Tensor isFree) =>
        (Input.Adjoint(Level(Input.Call(residual.ExpandDims(1) * isFree) * isFree, isFree)) * isFree).Squeeze(1);

    /// <summary>The features of a grid after it and all coarser ones.</summary>
    /// <param name="x">[batch, width, rows, columns].</param>
    /// <param name="isFree">The free share of each cell: [rows, columns].</param>
    private Tensor Level(Tensor x, Tensor isFree)
    {
        x = Blocks.Aggregate(x, (x, block) => block.Call(x, isFree));
        var (rows, columns) = (isFree.Shape[0], isFree.Shape[1]);
        if (rows % 2 == 0 && columns % 2 == 0 && Math.Min(rows, columns) > Coarsest)
        {
            var coarse = isFree.Reshape(rows / 2, 2, columns / 2, 2).Mean(1, 3);
            var weight = Interpolation(isFree, coarse);
            x += Finer(Level(Coarser(x * weight) * coarse, coarse) * coarse) * weight;
        }
        return Blocks.Reverse().Aggregate(x, (x, block) => block.Adjoint(x, isFree));
    }

    /// <summary>
    /// By what to multiply what is interpolated from coarse cells that count by their free share, so that the shares of those around a cell add up as they do
    /// where all is free: what is constant around an obstacle stays so. [rows, columns]; zero in obstacles.
    /// </summary>
    private static Tensor Interpolation(Tensor isFree, Tensor coarse)
    {
        Tensor Fine(Tensor x) => Finer(x.Reshape([1, 1, .. x.Shape])).Squeeze(0, 1);
        var isOpen = isFree > 0.0;
        return Tensor.Where(isOpen, Fine(Tensor.OnesLike(coarse)) / Tensor.Where(isOpen, Fine(coarse), 1.0), 0.0);
    }

    /// <summary>The adjoint of <see cref="Finer"/>: cells of twice the side hold the sum of the residual, four times its mean.</summary>
    private static Tensor Coarser(Tensor x) => EachChannel(x, one => Tensor.Convolve(one, Bilinear(x.ElementType), new() { Stride = [2], Padding = 1 }));

    /// <summary>Linear interpolation along both axes between the centres of cells of twice the side, and to zero beyond the edge.</summary>
    private static Tensor Finer(Tensor x) => EachChannel(x, one => Tensor.ConvolveTransposed(one, Bilinear(x.ElementType), new() { Stride = [2], Padding = 1 }));

    private static Tensor EachChannel(Tensor x, Func<Tensor, Tensor> map)
    {
        var y = map(x.Reshape(x.Shape[0] * x.Shape[1], 1, x.Shape[2], x.Shape[3]));
        return y.Reshape(x.Shape[0], x.Shape[1], y.Shape[2], y.Shape[3]);
    }

    private static Tensor Bilinear(ElementType type)
    {
        double[] line = [0.25, 0.75, 0.75, 0.25];
        return Tensor.From([.. line.SelectMany(a => line.Select(b => a * b))], [1, 1, 4, 4]).AsType(type);
    }
}
