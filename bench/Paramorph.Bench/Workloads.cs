namespace Paramorph.Bench;

/// <summary>Training steps of small models: those of the peers, with their shapes, losses and optimiser, and some of our own.</summary>
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
        ["pinn_burgers"] = () => FieldWorkloads.Burgers("pinn_burgers", ElementType.Float32),
        ["mlp_classifier"] = DenseWorkloads.Classifier,
        ["fno2d"] = FieldWorkloads.FourierOperator,
        ["cnn"] = ImageWorkloads.Cnn,
        ["transformer_192"] = SequenceWorkloads.Transformer,
        ["lstm_64"] = SequenceWorkloads.Lstm,
        ["gcn_20k"] = GraphWorkloads.Convolution,
        ["pinn_poisson3d_50"] = FieldWorkloads.Poisson,
        ["mlp_64"] = DenseWorkloads.Small,
        ["depthwise_96"] = ImageWorkloads.Depthwise,
        ["deep_mlp_128"] = DenseWorkloads.Deep,
        ["hypernet_128"] = DenseWorkloads.Hypernetwork,
        ["gru_48"] = SequenceWorkloads.Gru,
        ["pinn_burgers_f64"] = () => FieldWorkloads.Burgers("pinn_burgers_f64", ElementType.Float64),
        ["cnn_small"] = ImageWorkloads.Small,
        ["cnn_small_20"] = ImageWorkloads.SmallTwenty,
    };

    /// <summary>A step of Adam for a model.</summary>
    public static Workload Adam<TModel>(string name, TModel model, Func<TModel, Tensor> loss)
        where TModel : ITree<TModel> => Adam(name, (TreeList<Tensor>)[.. Tree.Leaves(model)], leaves => loss(Tree.Rebuild(model, [.. leaves])));

    /// <summary>Affine maps with an activation between them.</summary>
    public static Tensor Forward(TreeList<Tensor> p, Tensor x, Func<Tensor, Tensor> activation)
    {
        for (var i = 0; i < p.Count; i += 2)
        {
            x = x.Dot(p[i]) + p[i + 1];
            if (i + 2 < p.Count) x = activation(x);
        }
        return x;
    }

    /// <summary>Weights and biases of affine maps.</summary>
    public static TreeList<Tensor> Mlp(Random random, int[] sizes, ElementType type = ElementType.Float32)
    {
        var parameters = new List<Tensor>();
        foreach (var (from, to) in sizes.Zip(sizes.Skip(1)))
        {
            var bound = 1 / Math.Sqrt(from);
            parameters.Add(Uniform(random, [from, to], -bound, bound, type));
            parameters.Add(Uniform(random, [to], -bound, bound, type));
        }
        return [.. parameters];
    }

    /// <summary>Equally distributed numbers.</summary>
    public static Tensor Uniform(Random random, Shape shape, double low, double high, ElementType type = ElementType.Float32) =>
        Tensor.From<double>([.. Enumerable.Range(0, shape.ElementCount).Select(_ => low + (high - low) * random.NextDouble())], shape).AsType(type).Evaluate();

    /// <summary>Whole numbers below a count.</summary>
    public static Tensor Labels(Random random, int examples, int count) => Tensor.From<int>([.. Enumerable.Range(0, examples).Select(_ => random.Next(count))]);

    /// <summary>The mean cross entropy of logits [examples, classes].</summary>
    public static Tensor CrossEntropy(Tensor logits, Tensor labels)
    {
        var shifted = logits - logits.Max(-1).ExpandDims(-1);
        var logPartition = Tensor.Log(Tensor.Exp(shifted).Sum(-1));
        var chosen = Tensor.Equal(labels.ExpandDims(1), Tensor.Arange(logits.Shape[1]));
        return (logPartition - Tensor.Where(chosen, shifted, 0.0).Sum(-1)).Mean();
    }

    /// <summary>A step of Adam for a list of parameters.</summary>
    public static Workload Adam(string name, TreeList<Tensor> parameters, Func<TreeList<Tensor>, Tensor> loss)
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
        var initial = new State(parameters, zeros, zeros, Tensor.Zeros([], parameters[0].ElementType).Evaluate());
        var computation = Computation.Trace(name, leaves => Leaves(Step(Tree.Rebuild(initial, leaves))), [.. Tree.Leaves(initial).Select(t => t.Type)], Tree.Names(initial));
        return new(name, compiled, initial) { Computation = computation };

        static Tensor[] Leaves((State, Tensor) result) => [.. Tree.Leaves(result.Item1), result.Item2];
    }
}
