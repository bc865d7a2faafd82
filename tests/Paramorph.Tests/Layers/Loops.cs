namespace Paramorph.Tests.Layers;

/// <summary>Values and checks that the tests of layers share.</summary>
internal static class Loops
{
    /// <summary>Numbers in (-1, 1), in double precision, that follow no pattern of any layer.</summary>
    public static Tensor Numbers(params ReadOnlySpan<int> sizes)
    {
        var shape = Shape.Create(sizes);
        return Tensor.From<double>([.. Enumerable.Range(0, shape.ElementCount).Select(i => Math.Sin(1.7 * i + 0.3 + 0.01 * i * i))], shape);
    }

    /// <summary>All places of a shape, in order.</summary>
    public static IEnumerable<int[]> All(Shape shape)
    {
        var at = new int[shape.Rank];
        for (var i = 0; i < shape.ElementCount; i++)
        {
            yield return [.. at];
            for (var axis = shape.Rank - 1; axis >= 0 && ++at[axis] == shape[axis]; axis--) at[axis] = 0;
        }
    }

    /// <summary>The tensor of a shape whose element at each place is a function of the place.</summary>
    public static Tensor Fill(Shape shape, Func<int[], double> element) => Tensor.From<double>([.. All(shape).Select(element)], shape);

    /// <summary>Plain access to the elements of a tensor by place.</summary>
    public static Func<int[], double> Elements(Tensor tensor)
    {
        var (values, strides) = (tensor.ToDoubles(), tensor.Shape.Strides());
        return at => values[at.Zip(strides, (place, stride) => place * stride).Sum()];
    }

    /// <summary>
    /// The value of a layer at its parameters, also compiled, against an independent one; and its derivatives in parameters and input against differences.
    /// </summary>
    public static void Agree<T>(Tensor expected, T layer, Tensor input, Func<T, Tensor, Tensor> call, double tolerance = 1e-12)
        where T : ITree<T>
    {
        Expect.Close(expected, call(layer, input), tolerance);
        Expect.Close(expected, Compile.Of(call)(layer, input), tolerance, "compiled value");
        Differentiable(layer, input, call);
    }

    /// <summary>Derivatives in the parameters and the input, in both modes, against central differences, and the compiled gradient against the plain one.</summary>
    public static void Differentiable<T>(T layer, Tensor input, Func<T, Tensor, Tensor> call)
        where T : ITree<T>
    {
        Tensor[] leaves = [.. Tree.Leaves(layer), input];
        Expect.First(x => [call(Tree.Rebuild(layer, x.AsSpan()[..^1]), x[^1])], leaves, 1e-6);
        TreePair<T, Tensor> Slope(T model, Tensor x)
        {
            var (inModel, inInput) = Gradient.Of(model, x, (m, x) => Tensor.Square(Tensor.Real(call(m, x)) - 0.3).Sum());
            return new(inModel, inInput);
        }
        var (plain, compiled) = (Tree.Leaves(Slope(layer, input)), Tree.Leaves(Compile.Of<T, Tensor, TreePair<T, Tensor>>(Slope)(layer, input)));
        for (var i = 0; i < plain.Length; i++) Expect.Close(plain[i], compiled[i], 1e-10, $"compiled gradient of leaf {i}");
    }
}
