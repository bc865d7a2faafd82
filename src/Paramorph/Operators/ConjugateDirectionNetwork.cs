using Paramorph.Layers;

namespace Paramorph.Operators;

/// <summary>
/// The network of the deep conjugate direction method: from the residual alone, told nothing of walls, through residual blocks on its grid and on one of twice the side, each of two convolutions of kernel 3
/// with ReLUs, to a direction. (Kaneda et al., "A deep conjugate direction method for iteratively solving linear systems", 2023, figure 3 and the authors' program, in which it has three axes and 16
/// features, and one, three and two blocks on the way.) <see cref="InverseNetwork"/> does the same with walls, symmetry and all levels.
/// </summary>
/// <param name="Input">The convolution from the residual to the features.</param>
/// <param name="First">The convolution behind it.</param>
/// <param name="Fine">The blocks before the grid is halved.</param>
/// <param name="Skipped">The convolution whose features are halved, and added to what comes back.</param>
/// <param name="Coarse">The blocks on the grid of twice the side.</param>
/// <param name="Last">The blocks after it.</param>
/// <param name="Output">The sum of features, a convolution of kernel 1.</param>
[Tree]
public sealed partial record ConjugateDirectionNetwork(
    Convolution Input, Convolution First, TreeList<TreePair<Convolution, Convolution>> Fine, Convolution Skipped, TreeList<TreePair<Convolution, Convolution>> Coarse,
    TreeList<TreePair<Convolution, Convolution>> Last, Convolution Output)
{
    /// <summary>A network with drawn weights.</summary>
    /// <param name="key">The key.</param>
    /// <param name="width">Features of each cell.</param>
    /// <param name="type">f32 or f64.</param>
    /// <exception cref="ShapeException">The width is below 1.</exception>
    public static ConjugateDirectionNetwork Create(Key key, int width = 16, ElementType type = ElementType.Float32)
    {
        const int Fine = 1, Coarse = 3, Last = 2;
        var drawn = 0;
        Convolution Next(int from, int to, int kernel = 3) => Convolution.Create(key.Fold(drawn++), from, to, [kernel, kernel], weight: Initialiser.GlorotUniform, type: type);
        TreeList<TreePair<Convolution, Convolution>> Blocks(int count) => [.. Enumerable.Range(0, count).Select(_ => new TreePair<Convolution, Convolution>(Next(width, width), Next(width, width)))];
        return new(Next(1, width), Next(width, width), Blocks(Fine), Next(width, width), Blocks(Coarse), Blocks(Last), Next(width, 1, kernel: 1));
    }

    /// <summary>Directions for residuals.</summary>
    /// <param name="residual">[batch, rows, columns], both even.</param>
    /// <returns>[batch, rows, columns].</returns>
    public Tensor Call(Tensor residual)
    {
        var fine = Activation.Relu(Skipped.Call(Fine.Aggregate(Activation.Relu(First.Call(Input.Call(residual.ExpandDims(1)))), Through)));
        var (rows, columns) = (residual.Shape[1], residual.Shape[2]);
        if (rows % 2 != 0 || columns % 2 != 0) throw new ShapeException($"conjugate direction network: {residual.Type} has an odd side, which is not halved.");
        var coarse = Coarse.Aggregate(fine.Reshape(fine.Shape[0], fine.Shape[1], rows / 2, 2, columns / 2, 2).Mean(3, 5), Through);
        return Output.Call(Last.Aggregate(coarse.Repeat(2, 2).Repeat(2, 3) + fine, Through)).Squeeze(1);
    }

    private static Tensor Through(Tensor x, TreePair<Convolution, Convolution> block) => x + Activation.Relu(block.Item2.Call(Activation.Relu(block.Item1.Call(x))));
}
