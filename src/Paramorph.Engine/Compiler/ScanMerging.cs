using Paramorph.Primitives;

namespace Paramorph.Compiler;

/// <summary>
/// Makes one loop of two that run through the same sequences with the same carry: the forward loop of a reverse derivative, and the one that stores
/// what the way back needs of each step, compute their common part once.
/// </summary>
internal static class ScanMerging
{
    /// <summary>The computation with such loops merged, until none are left.</summary>
    public static Computation Apply(Computation computation, CompilerOptions options)
    {
        if (!options.MergesLoops) return computation;
        while (Merged(computation) is { } merged) computation = merged;
        return computation;
    }

    /// <summary>The computation with the first pair of loops merged that can be, or null.</summary>
    private static Computation? Merged(Computation computation)
    {
        Operation[] scans = [.. computation.Operations.Where(o => o.Primitive is Scan)];
        for (var i = 0; i < scans.Length; i++)
        {
            foreach (var second in scans.AsSpan(i + 1))
                if (Pair.Of(scans[i], second) is { } pair) return pair.Replace(computation);
        }
        return null;
    }

    /// <summary>Two loops and the one that does the work of both.</summary>
    /// <param name="First">The loop that comes first.</param>
    /// <param name="Second">The other loop, which does not need it.</param>
    /// <param name="Both">The one for both: the carry, the results of the first and those of the second.</param>
    /// <param name="Inputs">Its operands.</param>
    private sealed record Pair(Operation First, Operation Second, Scan Both, Tensor[] Inputs)
    {
        public static Pair? Of(Operation first, Operation second)
        {
            var (a, b) = ((Scan)first.Primitive, (Scan)second.Primitive);
            var (ofA, ofB) = (first.Inputs.ToArray(), second.Inputs.ToArray());
            if (a.Length != b.Length || a.IsReverse != b.IsReverse || a.Carries != b.Carries || !ofA[a.Constants..].SequenceEqual(ofB[b.Constants..])) return null;
            if (Needed([second]).Contains(first)) return null;

            // The constants of both, each once, and then what they share.
            Tensor[] constants = [.. ofA[..a.Constants].Concat(ofB[..b.Constants]).Distinct()];
            Tensor[] inputs = [.. constants, .. ofA[a.Constants..]];
            Tensor[] Own(Tensor[] x, Tensor[] own) => [.. own.Select(t => x[Array.IndexOf(constants, t)]), .. x[constants.Length..]];
            Tensor[] Outputs(Tensor[] x) => [.. a.Body.Apply(Own(x, ofA[..a.Constants])), .. b.Body.Apply(Own(x, ofB[..b.Constants]))];
            TensorType[] types = [.. constants.Select(t => t.Type), .. a.Body.Inputs.Skip(a.Constants).Select(t => t.Type)];
            var body = Simplifier.Simplify(Computation.Trace("scan", Outputs, types), CompilerOptions.Default);
            var count = a.Body.Outputs.Count;
            for (var i = 0; i < a.Carries; i++)
                if (body.Outputs[i] != body.Outputs[count + i]) return null;
            Tensor[] Kept(Tensor[] outputs) => [.. outputs[..count], .. outputs[(count + a.Carries)..]];
            return new(first, second, a with { Body = Computation.Trace("scan", x => Kept(body.Apply(x)), types), Constants = constants.Length }, inputs);
        }

        /// <summary>The computation with the one loop, once all that it needs is there, instead of both.</summary>
        public Computation Replace(Computation computation)
        {
            var before = Needed([First, Second]);
            var ordered = computation.Operations.Where(before.Contains).Append(First).Concat(computation.Operations.Where(o => !before.Contains(o) && o != First && o != Second));
            return Computation.Trace(
                computation.Name,
                x =>
                {
                    var known = new Dictionary<Tensor, Tensor>(computation.Inputs.Zip(x, KeyValuePair.Create));
                    Tensor[] Known(IEnumerable<Tensor> tensors) => [.. tensors.Select(t => known.GetValueOrDefault(t, t))];
                    foreach (var operation in ordered)
                    {
                        if (operation == First) AddBoth(known, Tensor.Bind(Both, Known(Inputs)));
                        else Add(known, operation.Outputs, operation.Apply(Known(operation.Inputs.ToArray())));
                    }
                    return Known(computation.Outputs);
                },
                [.. computation.Inputs.Select(t => t.Type)], [.. computation.Inputs.Select(t => t.Label)]);
        }

        /// <summary>The results of the one loop in the places of those of both: the carry, the results of each, the history of the carry.</summary>
        private void AddBoth(Dictionary<Tensor, Tensor> known, Tensor[] outputs)
        {
            var (carries, first, second) = (Both.Carries, First.Outputs.Length - 2 * Both.Carries, Second.Outputs.Length - 2 * Both.Carries);
            var results = carries + first;
            Add(known, First.Outputs, [.. outputs[..results], .. outputs[(results + second)..]]);
            Add(known, Second.Outputs, [.. outputs[..carries], .. outputs[results..]]);
        }

        private static void Add(Dictionary<Tensor, Tensor> known, ReadOnlySpan<Tensor> outputs, Tensor[] results)
        {
            for (var i = 0; i < results.Length; i++) known[outputs[i]] = results[i];
        }

        /// <summary>The operations on which some depend.</summary>
        private static HashSet<Operation> Needed(ReadOnlySpan<Operation> of)
        {
            var inputs = new List<Tensor>();
            foreach (var operation in of) inputs.AddRange(operation.Inputs);
            return [.. Graph.Sort([.. inputs], t => t.IsEvaluated)];
        }
    }
}
