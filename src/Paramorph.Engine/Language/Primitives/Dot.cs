using Paramorph.Reference;

namespace Paramorph.Primitives;

/// <summary>
/// The general product of two tensors: a sum over pairs of contracted axes, for each place of pairs of batch axes. The axes of the result are
/// the batch axes, the free axes of the left operand, the free axes of the right one.
/// </summary>
public sealed record Dot(Sequence<int> LeftBatch, Sequence<int> RightBatch, Sequence<int> LeftContracted, Sequence<int> RightContracted) : Primitive
{
    /// <inheritdoc/>
    public override string Name => "dot";

    /// <inheritdoc/>
    public override string Attributes =>
        (LeftBatch.Count > 0 ? $"batch={LeftBatch}x{RightBatch}, " : "") + $"contracted={LeftContracted}x{RightContracted}";

    /// <inheritdoc/>
    public override Linearity Linearity => Linearity.Multi;

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        var ((type, left), (other, right)) = (inputs[0], inputs[1]);
        if (type != other || type == ElementType.Bool)
            throw new ElementTypeException($"dot: {inputs[0]} and {inputs[1]} must have one numeric element type.");
        foreach (var (l, r) in LeftBatch.Zip(RightBatch).Concat(LeftContracted.Zip(RightContracted)))
        {
            if (left[l] != right[r])
                throw new ShapeException($"dot: {inputs[0]} and {inputs[1]} do not fit: axis {l} of the left has size {left[l]} but axis {r} of the right has {right[r]}.");
        }
        // A product of 8-bit integers is summed exactly, in 32 bits.
        var result = type is ElementType.Int8 or ElementType.UInt8 ? ElementType.Int32 : type;
        return [new(result, [.. LeftBatch.Select(a => left[a]), .. Free(left, true).Select(a => left[a]), .. Free(right, false).Select(a => right[a])])];
    }

    /// <inheritdoc/>
    protected override Tensor? TransposeRule(Operation operation, int input, Tensor cotangent)
    {
        var other = operation.Inputs[1 - input];
        var mine = operation.Inputs[input].Shape;
        var (otherBatch, otherContracted) = input == 0 ? (RightBatch, RightContracted) : (LeftBatch, LeftContracted);
        var (myBatch, myContracted) = input == 0 ? (LeftBatch, LeftContracted) : (RightBatch, RightContracted);
        var otherFree = Free(other.Shape, input == 1);
        var myFree = Free(mine, input == 0);
        // The cotangent's axes: batch, left free, right free.
        var batch = Enumerable.Range(0, LeftBatch.Count).ToArray();
        var otherFreeInCotangent = Enumerable.Range(LeftBatch.Count + (input == 0 ? myFree.Length : 0), otherFree.Length).ToArray();
        var product = Tensor.Bind(new Dot([.. batch], otherBatch, [.. otherFreeInCotangent], [.. otherFree]), cotangent, other)[0];
        // The product's axes: batch, my free, my contracted in the order of the other's axes.
        var contractedOrder = Enumerable.Range(0, otherContracted.Count).OrderBy(i => otherContracted[i]).Select(i => myContracted[i]);
        int[] order = [.. myBatch, .. myFree, .. contractedOrder];
        var permutation = new int[order.Length];
        for (var i = 0; i < order.Length; i++) permutation[order[i]] = i;
        return product.Transpose(permutation);
    }

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size)
    {
        var (left, right) = (Shift(batched[0]), Shift(batched[1]));
        if (batched[0] && batched[1])
            return Tensor.Bind(new Dot([0, .. left(LeftBatch)], [0, .. right(RightBatch)], [.. left(LeftContracted)], [.. right(RightContracted)]), inputs);
        var result = Tensor.Bind(new Dot([.. left(LeftBatch)], [.. right(RightBatch)], [.. left(LeftContracted)], [.. right(RightContracted)]), inputs)[0];
        // The new axis is the first free one of its operand.
        return [result.MoveAxis(batched[0] ? LeftBatch.Count : LeftBatch.Count + Free(operation.Input.Shape, true).Length, 0)];

        static Func<Sequence<int>, IEnumerable<int>> Shift(bool isBatched) => axes => axes.Select(a => isBatched ? a + 1 : a);
    }

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> outputs)
    {
        var shape = inputs[0].Shape;
        long contracted = 1;
        foreach (var axis in LeftContracted) contracted *= shape[axis];
        return new((outputs[0].ElementType.IsComplex() ? 8 : 2) * contracted * Elements(outputs), Bytes(inputs) + Bytes(outputs));
    }

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs)
    {
        var (left, right) = (inputs[0].Shape, inputs[1].Shape);
        int[] leftFree = Free(left, true), rightFree = Free(right, false);
        var l = inputs[0].Rearranged([.. LeftBatch, .. leftFree, .. LeftContracted]);
        var r = inputs[1].Rearranged([.. RightBatch, .. rightFree, .. RightContracted]);
        var result = new ReferenceArray(operation.Output.Type);
        int Product(Shape shape, IEnumerable<int> axes) => axes.Aggregate(1, (p, a) => p * shape[a]);
        var (batch, m, n, k) = (Product(left, LeftBatch), Product(left, leftFree), Product(right, rightFree), Product(left, LeftContracted));
        for (var b = 0; b < batch; b++)
        {
            for (var i = 0; i < m; i++)
            {
                for (var j = 0; j < n; j++)
                {
                    var (to, x, y) = ((b * m + i) * n + j, (b * m + i) * k, (b * n + j) * k);
                    if (l.IsReal)
                    {
                        double sum = 0;
                        for (var c = 0; c < k; c++) sum += l.Reals[x + c] * r.Reals[y + c];
                        result.Reals[to] = sum;
                    }
                    else if (l.IsComplex)
                    {
                        System.Numerics.Complex sum = 0;
                        for (var c = 0; c < k; c++) sum += l.Complexes[x + c] * r.Complexes[y + c];
                        result.Complexes[to] = sum;
                    }
                    else
                    {
                        long sum = 0;
                        for (var c = 0; c < k; c++) sum += l.Integers[x + c] * r.Integers[y + c];
                        result.Integers[to] = sum;
                    }
                }
            }
        }
        return [result];
    }

    private int[] Free(Shape shape, bool isLeft)
    {
        var (batch, contracted) = isLeft ? (LeftBatch, LeftContracted) : (RightBatch, RightContracted);
        return [.. Enumerable.Range(0, shape.Rank).Where(a => !batch.Contains(a) && !contracted.Contains(a))];
    }
}
