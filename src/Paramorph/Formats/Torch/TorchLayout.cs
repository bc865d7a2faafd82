namespace Paramorph.Formats;

/// <summary>
/// How tensors of PyTorch's modules become leaves of the layers here, by the names of the leaves. Matrices that multiply from the right are [inputs, outputs] here and
/// [outputs, inputs] there; kernels, tables and vectors are alike.
/// </summary>
internal static class TorchLayout
{
    /// <summary>What a module of PyTorch keeps besides, which has no leaf here.</summary>
    private const string Counter = ".num_batches_tracked";

    /// <summary>The model with the tensors of a file.</summary>
    /// <param name="file">The file, for messages.</param>
    /// <param name="state">Its tensors.</param>
    /// <param name="like">A model of the wanted structure.</param>
    /// <param name="modules">From paths of layers to names of modules; indices with dots when null.</param>
    public static T Load<T>(InputFile file, IReadOnlyDictionary<string, Tensor> state, T like, Func<string, string>? modules)
        where T : ITree<T>
    {
        var (names, leaves) = (Tree.Names(like), Tree.Leaves(like));
        var source = new Source(state, modules ?? Dotted, [.. names]);
        var found = new Tensor[leaves.Length];
        var problems = new List<string>();
        for (var i = 0; i < leaves.Length; i++)
        {
            if (source.Find(names[i]) is not { } tensor) problems.Add($"nothing in the file is '{names[i]}' (looked for as '{source.Name(names[i])}')");
            else if (tensor.Type != leaves[i].Type) problems.Add($"'{names[i]}' is {tensor.Type} in the layout of the library where the model has {leaves[i].Type}");
            else found[i] = tensor.Evaluate();
        }
        problems.AddRange(state.Keys.Where(name => !source.Used.Contains(name) && !name.EndsWith(Counter, StringComparison.Ordinal)).Select(name => $"the model has no place for '{name}'"));
        const int shown = 5;
        if (problems.Count == 0) return Tree.Rebuild(like, found);
        var more = problems.Count > shown ? $"; and {problems.Count - shown} more" : "";
        throw file.Error("", $"the tensors are not those of the model in the layout of PyTorch: {string.Join("; ", problems.Take(shown))}{more}.");
    }

    /// <summary><c>layers[0]["a"]</c> as <c>layers.0.a</c>.</summary>
    private static string Dotted(string path) => path.Replace("[\"", ".", StringComparison.Ordinal).Replace("\"]", "", StringComparison.Ordinal)
        .Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).TrimStart('.');

    private sealed class Source(IReadOnlyDictionary<string, Tensor> state, Func<string, string> modules, HashSet<string> paths)
    {
        public HashSet<string> Used { get; } = [];

        /// <summary>The name under which a leaf is looked for first.</summary>
        public string Name(string path)
        {
            var (module, leaf) = Parts(path);
            return Joined(module, leaf switch { "scale" or "table" => "weight", "offset" => "bias", "mean" => "running_mean", "variance" => "running_var", _ => leaf });
        }

        /// <summary>The tensor of a leaf in the layout of this library; null when the file has none.</summary>
        public Tensor? Find(string path)
        {
            var (module, leaf) = Parts(path);
            return leaf switch
            {
                "weight" => Transposed(Take(module, "weight") ?? Take(module, "weight_ih_l0") ?? Projection(module, "in_proj_weight")),
                "recurrent" => Transposed(Take(module, "weight_hh_l0")),
                "bias" => Take(module, "bias") ?? RecurrentBias(path, module) ?? Projection(module, "in_proj_bias"),
                "candidateBias" => Take(module, "bias_hh_l0")?.Split(3)[2],
                _ => Take("", Name(path)),
            };
        }

        private static Tensor? Transposed(Tensor? weight) => weight is { Rank: 2 } ? weight.T : weight;

        private static string Joined(string module, string leaf) => module.Length > 0 ? $"{module}.{leaf}" : leaf;

        private (string Module, string Leaf) Parts(string path)
        {
            var dot = path.LastIndexOf('.');
            return dot < 0 ? ("", path) : (modules(path[..dot]), path[(dot + 1)..]);
        }

        private Tensor? Take(string module, string leaf)
        {
            var name = Joined(module, leaf);
            if (!state.TryGetValue(name, out var tensor)) return null;
            Used.Add(name);
            return tensor;
        }

        /// <summary>PyTorch adds two biases. Only a gated unit keeps a part of the second by itself: that of the candidate, which the reset gate multiplies.</summary>
        private Tensor? RecurrentBias(string path, string module)
        {
            if (Take(module, "bias_ih_l0") is not { } first || Take(module, "bias_hh_l0") is not { } second) return null;
            if (!paths.Contains(string.Concat(path.AsSpan(0, path.Length - "bias".Length), "candidateBias"))) return first + second;
            var gates = second.Split(3);
            return first + Tensor.Concatenate([gates[0], gates[1], Tensor.ZerosLike(gates[2])]);
        }

        /// <summary>Attention there keeps the projections of queries, keys and values in one matrix.</summary>
        private Tensor? Projection(string module, string leaf)
        {
            var dot = module.LastIndexOf('.');
            var index = Array.IndexOf(["queries", "keys", "values"], module[(dot + 1)..]);
            return index < 0 ? null : Take(dot < 0 ? "" : module[..dot], leaf)?.Split(3)[index];
        }
    }
}
