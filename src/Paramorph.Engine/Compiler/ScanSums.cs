using Paramorph.Primitives;

namespace Paramorph.Compiler;

/// <summary>
/// Takes sums of products out of loops: a carry to which each step adds a product, as the gradient of a recurrent weight is, is one product over all steps
/// after the loop, whose operands the loop hands out.
/// </summary>
internal static class ScanSums
{
    /// <summary>Bytes of an operand at all steps that are kept for it.</summary>
    private const long MostBytes = 32 << 20;

    /// <summary>The computation with such sums behind its loops.</summary>
    public static Computation Apply(Computation computation, CompilerOptions options)
    {
        if (!options.TakesSumsOut || !computation.Operations.Any(o => o.Primitive is Scan)) return computation;
        var used = computation.Operations.SelectMany(o => o.Inputs.ToArray()).Concat(computation.Outputs).ToHashSet();
        var inputs = computation.Inputs;
        return Computation.Trace(
            computation.Name, x => computation.Rewrite(x, (o, operands) => Sums(o, used) is { Count: > 0 } sums ? Outside(o, sums, operands) : o.Apply(operands)),
            [.. inputs.Select(t => t.Type)], [.. inputs.Select(t => t.Label)]);
    }

    /// <summary>A carry that is a sum of products.</summary>
    /// <param name="Carry">Its number.</param>
    /// <param name="Product">What each step adds, before its rearrangements.</param>
    /// <param name="Views">These, in order.</param>
    private sealed record Sum(int Carry, Operation Product, List<Operation> Views);

    private static List<Sum> Sums(Operation operation, HashSet<Tensor> used)
    {
        if (operation.Primitive is not Scan scan) return [];
        var users = scan.Body.Operations.SelectMany(o => o.Inputs.ToArray()).Concat(scan.Body.Outputs).CountBy(t => t).ToDictionary();
        var histories = operation.Outputs.Length - scan.Carries;
        return
        [
            .. from carry in Enumerable.Range(0, scan.Carries)
               where !used.Contains(operation.Outputs[histories + carry])
               let sum = SumOf(scan, carry, users)
               where sum is not null
               select sum,
        ];
    }

    private static Sum? SumOf(Scan scan, int carry, Dictionary<Tensor, int> users)
    {
        var (before, after) = (scan.Body.Inputs[scan.Constants + carry], scan.Body.Outputs[carry]);
        if (after.Source is not { } add || add.Primitive != Elementwise.Add || users[after] != 1 || users.GetValueOrDefault(before) != 1) return null;
        var term = add.Inputs[0] == before ? add.Inputs[1] : add.Inputs[1] == before ? add.Inputs[0] : null;
        var views = new List<Operation>();
        for (; term is { Source: { Primitive: Transpose or Reshape } view } && users[term] == 1; term = view.Input) views.Insert(0, view);
        if (term is not { Source: { Primitive: Dot } product } || users[term] != 1) return null;
        return product.Inputs.ToArray().All(t => IsStackable(scan, t)) ? new(carry, product, views) : null;
    }

    /// <summary>Whether what a value is at all steps is there, or takes little memory; a constant of the loop is at no step.</summary>
    private static bool IsStackable(Scan scan, Tensor tensor) =>
        tensor.Source is not null && !tensor.IsEvaluated ? scan.Length * tensor.Type.Bytes <= MostBytes : scan.Body.Inputs.Skip(scan.Constants).Contains(tensor);

    /// <summary>The results of a loop whose sums are taken after it.</summary>
    private static Tensor[] Outside(Operation operation, List<Sum> sums, Tensor[] operands)
    {
        var scan = (Scan)operation.Primitive;
        int[] kept = [.. Enumerable.Range(0, scan.Carries).Except(sums.Select(s => s.Carry))];
        var results = scan.Body.Outputs.Skip(scan.Carries).ToList();
        foreach (var value in sums.SelectMany(s => s.Product.Inputs.ToArray()))
            if (value.Source is not null && !results.Contains(value)) results.Add(value);
        var (constants, rest) = (scan.Constants, scan.Constants + scan.Carries);
        Tensor[] inputs = [.. operands[..constants], .. kept.Select(i => operands[constants + i]), .. operands[rest..]];
        var outputs = Tensor.Bind(scan with { Body = Body(scan, kept, results), Carries = kept.Length }, inputs);
        var histories = outputs[(kept.Length + results.Count)..];

        Tensor Stacked(Tensor value)
        {
            var place = scan.Body.Inputs.ToList().IndexOf(value);
            return place < 0 ? outputs[kept.Length + results.IndexOf(value)] : place < rest ? histories[Array.IndexOf(kept, place - constants)] : operands[place];
        }

        var last = new Tensor[scan.Carries];
        for (var i = 0; i < kept.Length; i++) last[kept[i]] = outputs[i];
        foreach (var sum in sums) last[sum.Carry] = operands[constants + sum.Carry] + Total(sum, Stacked);
        var history = Array.ConvertAll(operation.Outputs[(operation.Outputs.Length - scan.Carries)..].ToArray(), t => Tensor.Zeros(t.Shape, t.ElementType));
        for (var i = 0; i < kept.Length; i++) history[kept[i]] = histories[i];
        return [.. last, .. outputs[kept.Length..(operation.Outputs.Length - 2 * scan.Carries + kept.Length)], .. history];
    }

    /// <summary>The product over all steps: one more axis that is contracted.</summary>
    private static Tensor Total(Sum sum, Func<Tensor, Tensor> stacked)
    {
        static Sequence<int> Later(Sequence<int> axes) => [.. axes.Select(a => a + 1)];
        var dot = (Dot)sum.Product.Primitive;
        var all = new Dot(Later(dot.LeftBatch), Later(dot.RightBatch), [0, .. Later(dot.LeftContracted)], [0, .. Later(dot.RightContracted)]);
        var total = Tensor.Bind(all, stacked(sum.Product.Inputs[0]), stacked(sum.Product.Inputs[1]))[0];
        return sum.Views.Aggregate(total, (t, view) => Tensor.Bind(view.Primitive, t)[0]);
    }

    /// <summary>The body with some of the carries, and some values as results.</summary>
    private static Computation Body(Scan scan, int[] kept, List<Tensor> results)
    {
        var (body, rest) = (scan.Body, scan.Constants + scan.Carries);
        TensorType[] types = [.. body.Inputs.Select(t => t.Type)];
        return Computation.Trace(
            "scan",
            x =>
            {
                // Nobody reads the carries that are left out.
                Tensor[] all = Array.ConvertAll(types, t => Tensor.Zeros(t.Shape, t.ElementType));
                x[..scan.Constants].CopyTo(all, 0);
                for (var i = 0; i < kept.Length; i++) all[scan.Constants + kept[i]] = x[scan.Constants + i];
                x[(scan.Constants + kept.Length)..].CopyTo(all, rest);
                var known = body.Inputs.Zip(all).ToDictionary(p => p.First, p => p.Second);
                body.Rewrite(all, (o, operands) =>
                {
                    var made = o.Apply(operands);
                    for (var i = 0; i < made.Length; i++) known[o.Outputs[i]] = made[i];
                    return made;
                });
                return [.. kept.Select(i => body.Outputs[i]).Concat(results).Select(t => known.GetValueOrDefault(t, t))];
            },
            [.. types[..scan.Constants], .. kept.Select(i => types[scan.Constants + i]), .. types[rest..]]);
    }
}
