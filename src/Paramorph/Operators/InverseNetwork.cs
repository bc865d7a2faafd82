using Paramorph.Layers;

namespace Paramorph.Operators;

/// <summary>
/// A convolutional network that learns the inverse of a matrix on a grid up to a factor: residual blocks on each level of ever coarser grids, as far as they
/// halve, and again on the way back, between which residuals are summed and corrections interpolated. It is linear in the residual, as the inverse is, but not
/// in where obstacles are, which gates its features; the levels share their weights, so that what was learned on one grid works on larger ones with more
/// levels; and in obstacles all features are kept at zero. (After Kaneda et al., "A deep conjugate direction method for iteratively solving linear systems",
/// 2023, section 4, whose network has ReLUs, no gates, and two levels with weights of their own.)
/// </summary>
/// <param name="Input">The convolution of kernel 3 from the residual to the features, without an activation behind it.</param>
/// <param name="Before">The blocks on the way down.</param>
/// <param name="After">The blocks on the way back.</param>
/// <param name="Output">The sum of the features, a convolution of kernel 1.</param>
[Tree]
public sealed partial record InverseNetwork(Convolution Input, TreeList<GatedBlock> Before, TreeList<GatedBlock> After, Convolution Output)
{
    /// <summary>A side that is not halved any more.</summary>
    private const int Coarsest = 4;

    /// <summary>
    /// A network that starts near a symmetric positive preconditioner, the sum over all levels of restriction and interpolation (Bramble, Pasciak and Xu,
    /// "Parallel multilevel preconditioners", 1990): what the blocks add is drawn, and small.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="width">Features of each cell.</param>
    /// <param name="blocks">Residual blocks of a level, on the way down and as many on the way back.</param>
    /// <param name="type">f32 or f64.</param>
    /// <exception cref="ShapeException">A number is below 1.</exception>
    public static InverseNetwork Create(Key key, int width = 16, int blocks = 1, ElementType type = ElementType.Float32)
    {
        if (blocks < 1) throw new ShapeException($"inverse network: {blocks} blocks on a level make no network: there are 1 or more.");
        Convolution Local(Key key, int from, int to, int size, Initialiser weight) =>
            Convolution.Create(key, from, to, [size, size], hasBias: false, weight: weight, type: type);
        TreeList<GatedBlock> Blocks(Key key) => [.. Enumerable.Range(0, blocks).Select(i => GatedBlock.Create(key.Fold(i), width, type))];
        return Initialise.Of(key, key =>
        {
            var centre = Tensor.Full([width, 1, 1, 1], 1 / Math.Sqrt(width), type).Pad(PaddingMode.Zero, [(1, 1), (1, 1)]);
            var input = Local(key.Fold(0), 1, width, 3, Initialiser.Normal(0.01));
            return new InverseNetwork(
                input with { Weight = input.Weight + centre }, Blocks(key.Fold(1)), Blocks(key.Fold(2)),
                Local(key.Fold(3), width, 1, 1, Initialiser.Constant(1 / Math.Sqrt(width))));
        });
    }

    /// <summary>Directions for residuals.</summary>
    /// <param name="residual">[batch, rows, columns].</param>
    /// <param name="isFree">1 outside of obstacles and 0 in them: [rows, columns] of the type of the weights.</param>
    /// <returns>[batch, rows, columns].</returns>
    public Tensor Call(Tensor residual, Tensor isFree)
    {
        var features = Level(Input.Call(residual.ExpandDims(1)) * isFree, isFree);
        return (Output.Call(features) * isFree).Squeeze(1);
    }

    /// <summary>The features of a grid after it and all coarser ones.</summary>
    /// <param name="x">[batch, width, rows, columns].</param>
    /// <param name="isFree">The free share of each cell: [rows, columns].</param>
    private Tensor Level(Tensor x, Tensor isFree)
    {
        x = Before.Aggregate(x, (x, block) => block.Call(x, isFree));
        var (rows, columns) = (isFree.Shape[0], isFree.Shape[1]);
        if (rows % 2 == 0 && columns % 2 == 0 && Math.Min(rows, columns) > Coarsest)
        {
            var coarse = isFree.Reshape(rows / 2, 2, columns / 2, 2).Mean(1, 3);
            x += Finer(Level(Coarser(x) * coarse, coarse)) * isFree;
        }
        return After.Aggregate(x, (x, block) => block.Call(x, isFree));
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
