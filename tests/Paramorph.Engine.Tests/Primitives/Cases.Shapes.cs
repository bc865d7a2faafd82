namespace Paramorph.Tests.Primitives;

internal static partial class Cases
{
    private static IEnumerable<Case> Rearrangements =>
    [
        new("reshape", "", x => [x[0].Reshape(3, -1)], Case.Numbers([2, 6])) { Truth = x => [Tensor.From(x[0].ToDoubles(), [3, 4])] },
        new("reshape", "to a scalar", x => [x[0].ReshapeTo(Shape.Scalar)], Case.Numbers([1, 1])) { Truth = x => [Tensor.Scalar(x[0].ToDoubles()[0])] },
        new("reshape", "of nothing", x => [x[0].Reshape(5, -1)], Tensor.Zeros([0, 2], ElementType.Float64)) { Truth = _ => [Tensor.Zeros([5, 0], ElementType.Float64)] },
        new("transpose", "", x => [x[0].Transpose(2, 0, 1)], Case.Numbers([2, 3, 4])) { Truth = x => [Table([4, 2, 3], at => At(x[0], at[1], at[2], at[0]))] },
        new("transpose", "of a matrix", x => [x[0].T], Case.Numbers([2, 3])) { Truth = x => [Table([3, 2], at => At(x[0], at[1], at[0]))] },
        new("transpose", "of one moved axis", x => [x[0].MoveAxis(0, -1)], Case.Numbers([2, 3, 4])) { Truth = x => [Table([3, 4, 2], at => At(x[0], at[2], at[0], at[1]))] },
        // More axes than one loop has.
        new("transpose", "of eight axes", x => [x[0].Transpose(1, 0, 3, 2, 5, 4, 7, 6)], Case.Numbers([2, 3, 2, 2, 1, 2, 3, 2]))
        {
            Truth = x => [Table([3, 2, 2, 2, 2, 1, 2, 3], at => At(x[0], at[1], at[0], at[3], at[2], at[5], at[4], at[7], at[6]))],
        },
        new("transpose", "of seven axes of complex numbers", x => [x[0].Transpose(1, 0, 3, 2, 5, 4, 6)], Case.Complexes([2, 2, 2, 3, 2, 2, 2]))
        {
            Truth = x => [Tensor.Complex(Turned(Tensor.Real(x[0])), Turned(Tensor.Imaginary(x[0])))],
        },
        new("broadcast", "", x => [x[0].BroadcastTo([4, 2, 3])], Case.Numbers([2, 1])) { Truth = x => [Table([4, 2, 3], at => At(x[0], at[1], 0))] },
        new("broadcast", "of a scalar", x => [x[0].BroadcastTo([2, 2])], Case.Numbers([])) { Truth = x => [Table([2, 2], _ => x[0].Item())] },
        new("broadcast", "to no elements", x => [x[0].BroadcastTo([0, 3])], Case.Numbers([3])) { Truth = _ => [Tensor.Zeros([0, 3], ElementType.Float64)] },
        new("slice", "", x => [x[0].Slice([1, 0], [4, 5], [1, 2])], Case.Numbers([5, 6])) { Truth = x => [Table([3, 3], at => At(x[0], 1 + at[0], 2 * at[1]))] },
        new("slice", "by strides that leave a rest", x => [x[0].SliceAxis(0, 1, 6, 3)], Case.Numbers([8])) { Truth = x => [Table([2], at => At(x[0], 1 + 3 * at[0]))] },
        new("slice", "of nothing", x => [x[0].SliceAxis(0, 2, 2)], Case.Numbers([3])) { Truth = _ => [Tensor.Zeros([0], ElementType.Float64)] },
        PaddingCase("before and after", [1, 0], [2, 1], [0, 0]),
        PaddingCase("between", [0, 1], [0, 0], [2, 1]),
        PaddingCase("cutting", [-1, 2], [1, -3], [0, 1]),
        PaddingCase("cutting everything", [-5, 0], [4, 0], [0, 0]),
        PaddingCase("moving everything out", [4, 0], [-5, 0], [1, 0]),
        new("concatenate", "", x => [Tensor.Concatenate([x[0], x[1], x[2]], 1)], Case.Numbers([2, 3]), Case.Numbers([2, 1], seed: 1), Case.Numbers([2, 0], seed: 2))
        {
            Truth = x => [Table([2, 4], at => at[1] < 3 ? At(x[0], at[0], at[1]) : At(x[1], at[0], 0))],
        },
        new("concatenate", "of one tensor twice", x => [Tensor.Concatenate([x[0], x[0]])], Case.Numbers([2, 3])) { Truth = x => [Table([4, 3], at => At(x[0], at[0] % 2, at[1]))] },
        new("stack", "", x => [Tensor.Stack([x[0], x[1]], -1)], Case.Numbers([3]), Case.Numbers([3], seed: 1)) { Truth = x => [Table([3, 2], at => At(x[at[1]], at[0]))] },
        new("reverse", "", x => [x[0].Flip(0, -1)], Case.Numbers([2, 2, 3])) { Truth = x => [Table([2, 2, 3], at => At(x[0], 1 - at[0], at[1], 2 - at[2]))] },
        new("roll", "", x => [x[0].Roll(2, -1)], Case.Numbers([2, 5])) { Truth = x => [Table([2, 5], at => At(x[0], at[0], (at[1] + 3) % 5))] },
        new("iota", "", x => [x[0] * Tensor.Iota([2, 3], 1, ElementType.Float64) + Tensor.Iota([2, 3], 0, ElementType.Float64)], Case.Numbers([2, 3]))
        {
            Truth = x => [Table([2, 3], at => At(x[0], at) * at[1] + at[0])],
        },
        new("split", "", x => x[0].Split(3, 1), Case.Numbers([2, 6])) { Truth = x => [.. Enumerable.Range(0, 3).Select(p => Table([2, 2], at => At(x[0], at[0], 2 * p + at[1])))] },
        new("split", "at positions", x => x[0].SplitAt([1, 1]), Case.Numbers([3])) { Truth = x => [Table([1], _ => At(x[0], 0)), Table([0], _ => 0), Table([2], at => At(x[0], at[0] + 1))] },
        new("meshgrid", "", x => Tensor.Meshgrid(x[0], x[1]), Case.Numbers([2]), Case.Numbers([3], seed: 1))
        {
            Truth = x => [Table([2, 3], at => At(x[0], at[0])), Table([2, 3], at => At(x[1], at[1]))],
        },
    ];

    private static IEnumerable<Case> DynamicBlocks =>
    [
        DynamicSlicing("inside", 1, 2),
        DynamicSlicing("moved inside", 7, -4),
        DynamicUpdating("inside", 1, 2),
        DynamicUpdating("moved inside", 7, -4),
        new("dynamic_slice", "of a scalar", x => [x[0].DynamicSlice(x[1], [])], Case.Numbers([]), Tensor.Zeros([0], ElementType.Int32)) { Truth = x => [x[0]] },
        new("dynamic_update", "of a scalar", x => [x[0].DynamicUpdate(x[1], x[2])], Case.Numbers([]), Tensor.Zeros([0], ElementType.Int32), Tensor.Scalar(0.3)) { Truth = x => [x[2]] },
    ];

    private static double At(Tensor x, params int[] at)
    {
        var strides = x.Shape.Strides();
        return x.ToDoubles()[at.Select((a, i) => a * strides[i]).Sum()];
    }

    private static Case PaddingCase(string label, int[] low, int[] high, int[] interior) =>
        new("pad", label, x => [x[0].PadWith(low, high, interior, x[1])], Case.Numbers([3, 4]), Tensor.Scalar(0.7))
        {
            Truth = x =>
            {
                // The elements are put at their places one by one; those that fall outside are lost.
                int[] sizes = [.. Enumerable.Range(0, 2).Select(a => low[a] + high[a] + x[0].Shape[a] + (x[0].Shape[a] - 1) * interior[a])];
                var result = Enumerable.Repeat(x[1].Item(), sizes[0] * sizes[1]).ToArray();
                for (var i = 0; i < x[0].Shape[0]; i++)
                {
                    for (var j = 0; j < x[0].Shape[1]; j++)
                    {
                        var (row, column) = (low[0] + i * (interior[0] + 1), low[1] + j * (interior[1] + 1));
                        if (row >= 0 && row < sizes[0] && column >= 0 && column < sizes[1]) result[row * sizes[1] + column] = At(x[0], i, j);
                    }
                }
                return [Tensor.From(result, Shape.Create(sizes))];
            },
        };

    private static Case DynamicSlicing(string label, int row, int column) =>
        new("dynamic_slice", label, x => [x[0].DynamicSlice(x[1], [2, 3])], Case.Numbers([4, 6]), Tensor.From(row, column))
        {
            Truth = x => [Table([2, 3], at => At(x[0], Math.Clamp(row, 0, 2) + at[0], Math.Clamp(column, 0, 3) + at[1]))],
        };

    private static Case DynamicUpdating(string label, int row, int column) =>
        new("dynamic_update", label, x => [x[0].DynamicUpdate(x[1], x[2])], Case.Numbers([4, 6]), Tensor.From(row, column), Case.Numbers([2, 3], seed: 1))
        {
            Truth = x => [Table([4, 6], at =>
            {
                var (i, j) = (at[0] - Math.Clamp(row, 0, 2), at[1] - Math.Clamp(column, 0, 3));
                return i is 0 or 1 && j is >= 0 and <= 2 ? At(x[2], i, j) : At(x[0], at);
            })],
        };

    private static Tensor Turned(Tensor x) => Table([2, 2, 3, 2, 2, 2, 2], at => At(x, at[1], at[0], at[3], at[2], at[5], at[4], at[6]));
}
