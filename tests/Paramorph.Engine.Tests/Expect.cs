namespace Paramorph.Tests;

/// <summary>Independent checks of derivatives and batching, in double precision.</summary>
internal static class Expect
{
    /// <summary>Both derivative modes against central differences and against each other, and second derivatives against differences of first ones.</summary>
    public static void Derivatives(Func<Tensor[], Tensor[]> function, Tensor[] inputs, double tolerance = 1e-6)
    {
        First(function, inputs, tolerance);
        // The gradient of a fixed functional of the outputs is itself a function to check.
        var weights = Array.ConvertAll(Weights(function, inputs), w => w);
        Tensor[] Gradients(Tensor[] x)
        {
            var gradient = Gradient.Of(Point(x), p => Functional(function(Full(x, p)), weights));
            return [.. gradient];
        }
        First(Gradients, inputs, tolerance * 100);
    }

    /// <summary>First derivatives in both modes against central differences along random directions, and against each other.</summary>
    public static void First(Func<Tensor[], Tensor[]> function, Tensor[] inputs, double tolerance)
    {
        var random = new Random(1);
        for (var trial = 0; trial < 2; trial++)
        {
            Tensor[] directions = [.. Real(inputs).Select(x => Direction(x, random))];
            var point = Point(inputs);
            var weights = Weights(function, inputs);
            var (_, tangents) = Jvp.Of<TreeList<Tensor>, TreeList<Tensor>>(point, directions, p => function(Full(inputs, p)));
            const double step = 1e-5;
            var ahead = function(Full(inputs, [.. point.Zip(directions, (x, d) => x + d * step)]));
            var behind = function(Full(inputs, [.. point.Zip(directions, (x, d) => x - d * step)]));
            for (var i = 0; i < ahead.Length; i++)
            {
                if (!ahead[i].ElementType.IsDifferentiable()) continue;
                Close((ahead[i] - behind[i]) / (2 * step), tangents[i], tolerance, $"jvp of output {i} against central differences");
            }
            var gradient = Gradient.Of(point, p => Functional(function(Full(inputs, p)), weights));
            var forward = Functional([.. tangents], weights).Item();
            var reverse = gradient.Zip(directions, (g, d) => Tensor.Real(Tensor.Conjugate(g) * d).Sum().Item()).Sum();
            Assert.True(Math.Abs(forward - reverse) <= 1e-9 * (1 + Math.Abs(forward)), $"forward mode gives {forward:R}, reverse mode {reverse:R}");
        }
    }

    /// <summary>The batching rule against a loop, for every choice of inputs that carry a batch.</summary>
    public static void Batching(Func<Tensor[], Tensor[]> function, Tensor[] inputs, double tolerance = 1e-12)
    {
        const int size = 3;
        for (var choice = 1; choice < 1 << inputs.Length; choice++)
        {
            var isBatched = inputs.Select((_, i) => (choice & (1 << i)) != 0).ToArray();
            // Examples differ: the inputs scaled a little, integers and booleans in another order.
            var examples = Enumerable.Range(0, size).Select(n => inputs.Select((x, i) => isBatched[i] ? Varied(x, n) : x).ToArray()).ToArray();
            Tensor[] batches = [.. inputs.Select((_, i) => isBatched[i] ? Tensor.Stack([.. examples.Select(e => e[i])]) : inputs[i])];
            TreeList<Tensor> carried = [.. batches.Where((_, i) => isBatched[i])];
            var results = Vmap.Of<TreeList<Tensor>, TreeList<Tensor>>(
                c =>
                {
                    var next = 0;
                    return function([.. inputs.Select((x, i) => isBatched[i] ? c[next++] : x)]);
                },
                carried);
            for (var n = 0; n < size; n++)
            {
                var expected = function(examples[n]);
                for (var k = 0; k < expected.Length; k++)
                    Close(expected[k], results[k][n], tolerance, $"batching {Convert.ToString(choice, 2)}, example {n}, output {k}");
            }
        }
    }

    /// <summary>Equal types, and elements equal within a tolerance relative to the largest of them.</summary>
    public static void Close(Tensor expected, Tensor actual, double tolerance, string what = "value")
    {
        Assert.True(expected.Type == actual.Type, $"{what}: expected {expected.Type}, found {actual.Type}");
        if (expected.ElementType.IsComplex())
        {
            Close(Tensor.Real(expected), Tensor.Real(actual), tolerance, what);
            Close(Tensor.Imaginary(expected), Tensor.Imaginary(actual), tolerance, what);
            return;
        }
        double[] e = expected.ToDoubles(), a = actual.ToDoubles();
        var scale = e.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max() + 1;
        for (var i = 0; i < e.Length; i++)
        {
            var isClose = e[i] == a[i] || (double.IsNaN(e[i]) && double.IsNaN(a[i])) || Math.Abs(e[i] - a[i]) <= tolerance * scale;
            Assert.True(isClose, $"{what}: element {i} of {expected.Type} is {a[i]:R} but should be {e[i]:R}");
        }
    }

    private static Tensor Varied(Tensor x, int example) =>
        x.ElementType.IsDifferentiable() ? x * (1 + 0.01 * example) : x.Rank > 0 && example % 2 == 1 ? x.Flip(0) : x;

    private static IEnumerable<Tensor> Real(Tensor[] inputs) => inputs.Where(x => x.ElementType.IsDifferentiable());

    private static TreeList<Tensor> Point(Tensor[] inputs) => [.. Real(inputs)];

    /// <summary>All inputs, with the differentiable ones replaced.</summary>
    private static Tensor[] Full(Tensor[] inputs, TreeList<Tensor> point)
    {
        var next = 0;
        return [.. inputs.Select(x => x.ElementType.IsDifferentiable() ? point[next++] : x)];
    }

    private static Tensor Direction(Tensor like, Random random) => like.ElementType.IsComplex()
        ? Tensor.Complex(Noise(like.Shape, random), Noise(like.Shape, random))
        : Noise(like.Shape, random);

    private static Tensor Noise(Shape shape, Random random) =>
        Tensor.From<double>([.. Enumerable.Range(0, shape.ElementCount).Select(_ => 2 * random.NextDouble() - 1)], shape);

    private static Tensor[] Weights(Func<Tensor[], Tensor[]> function, Tensor[] inputs)
    {
        var random = new Random(2);
        return [.. function(inputs).Where(y => y.ElementType.IsDifferentiable()).Select(y => Direction(y, random))];
    }

    /// <summary>One real number of all differentiable outputs, with weights that single out no element.</summary>
    private static Tensor Functional(Tensor[] outputs, Tensor[] weights) => outputs.Where(y => y.ElementType.IsDifferentiable())
        .Zip(weights, (y, w) => Tensor.Real(y * w).Sum()).Aggregate(Tensor.Scalar(0.0), (a, b) => a + b);
}
