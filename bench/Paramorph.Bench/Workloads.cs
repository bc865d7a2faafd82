namespace Paramorph.Bench;

/// <summary>The training steps of the peer's script, with its shapes, losses and optimiser.</summary>
internal static class Workloads
{
    private const double Rate = 1e-3, Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8;

    /// <summary>One step: parameters, two moments and the step number before and after, and the loss.</summary>
    public sealed record Workload(string Name, Func<State, (State, Tensor)> Step, State Initial)
    {
        /// <summary>The step as the compiler sees it.</summary>
        public required Computation Computation { get; init; }
    }

    /// <summary>What a step hands on.</summary>
    public readonly record struct State(TreeList<Tensor> Parameters, TreeList<Tensor> First, TreeList<Tensor> Second, Tensor Count) : ITree<State>
    {
        public void Visit(ITreeVisitor visitor)
        {
            visitor.Child("parameters", Parameters);
            visitor.Child("first", First);
            visitor.Child("second", Second);
            visitor.Child("count", Count);
        }

        public State Rebuild(TreeReader leaves) => new(leaves.Read(Parameters), leaves.Read(First), leaves.Read(Second), leaves.Read(Count));
    }

    public static IReadOnlyDictionary<string, Func<Workload>> All { get; } = new Dictionary<string, Func<Workload>>
    {
        ["pinn_burgers"] = PinnBurgers,
        ["mlp_classifier"] = MlpClassifier,
        ["fno2d"] = Fno,
        ["cnn"] = Cnn,
    };

    private static Workload PinnBurgers()
    {
        var random = new Random(0);
        var parameters = Mlp(random, [2, .. Enumerable.Repeat(20, 8), 1]);
        var xt = Uniform(random, [10000, 2], -1, 1);
        var (bx, by) = (Uniform(random, [200, 2], 0, 1), Uniform(random, [200, 1], 0, 1));
        Tensor Network(TreeList<Tensor> p, Tensor x) => Forward(p, x, Tensor.Tanh);
        return Adam("pinn_burgers", parameters, p =>
        {
            var alongX = Taylor.Derivatives(xt, Tensor.From(1f, 0f), 2, x => Network(p, x));
            var alongT = Taylor.Derivatives(xt, Tensor.From(0f, 1f), 1, x => Network(p, x));
            var (u, ux, uxx, ut) = (alongX[0], alongX[1], alongX[2], alongT[1]);
            var residual = ut + u * ux - 0.01 / Math.PI * uxx;
            return Tensor.Square(residual).Mean() + Tensor.Square(Network(p, bx) - by).Mean();
        });
    }

    private static Workload MlpClassifier()
    {
        var random = new Random(0);
        var parameters = Mlp(random, [784, 256, 256, 10]);
        var x = Uniform(random, [128, 784], -1.7, 1.7);
        var labels = Tensor.From<int>([.. Enumerable.Range(0, 128).Select(_ => random.Next(10))]);
        return Adam("mlp_classifier", parameters, p => CrossEntropy(Forward(p, x, t => Tensor.Maximum(t, 0.0)), labels));
    }

    private static Workload Fno()
    {
        const int Channels = 32, Modes = 12, Layers = 4, Batch = 16, Size = 64;
        var random = new Random(0);
        var scale = 1.0 / Channels / Channels;
        List<Tensor> parameters = [.. Pointwise(random, 3, Channels)];
        for (var i = 0; i < Layers; i++)
        {
            // Real and imaginary parts of the weights of low and of high frequencies.
            for (var k = 0; k < 4; k++) parameters.Add(Uniform(random, [Channels, Channels, Modes, Modes], -scale, scale));
            parameters.AddRange(Pointwise(random, Channels, Channels));
        }
        parameters.AddRange(Pointwise(random, Channels, 128));
        parameters.AddRange(Pointwise(random, 128, 1));
        var (x, y) = (Uniform(random, [Batch, 3, Size, Size], -1.7, 1.7), Uniform(random, [Batch, 1, Size, Size], -1.7, 1.7));
        return Adam("fno2d", [.. parameters], p =>
        {
            var next = 0;
            Tensor Convolved(Tensor t) => Tensor.Convolve(t, p[next++]) + p[next++].Reshape(-1, 1, 1);
            var h = Convolved(x);
            for (var i = 0; i < Layers; i++)
            {
                var spectrum = Fourier.Rfft2(h);
                var low = Mixed(spectrum[.., .., ..Modes, ..Modes], Tensor.Complex(p[next++], p[next++]));
                var high = Mixed(spectrum[.., .., ^Modes.., ..Modes], Tensor.Complex(p[next++], p[next++]));
                var middle = Tensor.Zeros([Batch, Channels, Size - 2 * Modes, Modes], ElementType.Complex64);
                var kept = Tensor.Concatenate([low, middle, high], 2).Pad([(0, 0), (0, 0), (0, 0), (0, Size / 2 + 1 - Modes)]);
                h = Tensor.Gelu(Fourier.Irfft2(kept, Size) + Convolved(h));
            }
            h = Convolved(Tensor.Gelu(Convolved(h)));
            return Tensor.Square(h - y).Mean();
        });

        static Tensor Mixed(Tensor spectrum, Tensor weights) => Einsum.Of("bixy,ioxy->boxy", spectrum, weights);
    }

    private static IEnumerable<Tensor> Pointwise(Random random, int from, int to)
    {
        var bound = 1 / Math.Sqrt(from);
        return [Uniform(random, [to, from, 1, 1], -bound, bound), Uniform(random, [to], -bound, bound)];
    }

    private static Workload Cnn()
    {
        var random = new Random(0);
        var parameters = new List<Tensor>();
        foreach (var (from, to) in new[] { (3, 32), (32, 32), (32, 64) })
        {
            var bound = 1 / Math.Sqrt(9.0 * from);
            parameters.AddRange([Uniform(random, [to, from, 3, 3], -bound, bound), Uniform(random, [to], -bound, bound)]);
            parameters.AddRange([Tensor.Ones([to]).Evaluate(), Tensor.Zeros([to]).Evaluate()]);
        }
        parameters.AddRange(Mlp(random, [64 * 64, 10]));
        var x = Uniform(random, [64, 3, 32, 32], -1.7, 1.7);
        var labels = Tensor.From<int>([.. Enumerable.Range(0, 64).Select(_ => random.Next(10))]);
        return Adam("cnn", [.. parameters], p =>
        {
            var h = x;
            for (var i = 0; i < 3; i++)
            {
                h = Tensor.Convolve(h, p[4 * i], new() { Padding = 1 }) + p[4 * i + 1].Reshape(-1, 1, 1);
                var mean = h.Mean(0, 2, 3).Reshape(-1, 1, 1);
                var variance = Tensor.Square(h - mean).Mean(0, 2, 3).Reshape(-1, 1, 1);
                h = Tensor.Maximum((h - mean) * Tensor.Rsqrt(variance + 1e-5) * p[4 * i + 2].Reshape(-1, 1, 1) + p[4 * i + 3].Reshape(-1, 1, 1), 0.0);
                if (i > 0) h = h.MaxPool([2, 2]);
            }
            return CrossEntropy(h.Flatten(1).Dot(p[12]) + p[13], labels);
        });
    }

    private static Tensor CrossEntropy(Tensor logits, Tensor labels)
    {
        var shifted = logits - logits.Max(-1).ExpandDims(-1);
        var logPartition = Tensor.Log(Tensor.Exp(shifted).Sum(-1));
        var chosen = Tensor.Equal(labels.ExpandDims(1), Tensor.Arange(logits.Shape[1]));
        return (logPartition - Tensor.Where(chosen, shifted, 0.0).Sum(-1)).Mean();
    }

    private static Tensor Forward(TreeList<Tensor> p, Tensor x, Func<Tensor, Tensor> activation)
    {
        for (var i = 0; i < p.Count; i += 2)
        {
            x = x.Dot(p[i]) + p[i + 1];
            if (i + 2 < p.Count) x = activation(x);
        }
        return x;
    }

    private static TreeList<Tensor> Mlp(Random random, int[] sizes)
    {
        var parameters = new List<Tensor>();
        foreach (var (from, to) in sizes.Zip(sizes.Skip(1)))
        {
            var bound = 1 / Math.Sqrt(from);
            parameters.Add(Uniform(random, [from, to], -bound, bound));
            parameters.Add(Uniform(random, [to], -bound, bound));
        }
        return [.. parameters];
    }

    private static Tensor Uniform(Random random, Shape shape, double low, double high) =>
        Tensor.From<float>([.. Enumerable.Range(0, shape.ElementCount).Select(_ => (float)(low + (high - low) * random.NextDouble()))], shape);

    private static Workload Adam(string name, TreeList<Tensor> parameters, Func<TreeList<Tensor>, Tensor> loss)
    {
        var zeros = Tree.Map(parameters, t => Tensor.ZerosLike(t).Evaluate());
        (State, Tensor) Step(State state)
        {
            var (value, gradient) = ValueAndGradient.Of(state.Parameters, loss);
            var count = state.Count + 1.0;
            var first = Tree.Zip(state.First, gradient, (m, g) => m * Beta1 + g * (1 - Beta1));
            var second = Tree.Zip(state.Second, gradient, (v, g) => v * Beta2 + g * g * (1 - Beta2));
            var (scale1, scale2) = (Rate / (1.0 - Tensor.Power(Beta1, count)), 1.0 / (1.0 - Tensor.Power(Beta2, count)));
            var next = Tree.Zip(state.Parameters, first, second, (p, m, v) => p - m * scale1 / (Tensor.Sqrt(v * scale2) + Epsilon));
            return (new(next, first, second, count), value);
        }
        var compiled = Compile.Of<State, State, Tensor>(Step, takesFirst: true);
        var initial = new State(parameters, zeros, zeros, Tensor.Scalar(0f));
        var computation = Computation.Trace(name, leaves => Leaves(Step(Tree.Rebuild(initial, leaves))), [.. Tree.Leaves(initial).Select(t => t.Type)], Tree.Names(initial));
        return new(name, compiled, initial) { Computation = computation };

        static Tensor[] Leaves((State, Tensor) result) => [.. Tree.Leaves(result.Item1), result.Item2];
    }
}
