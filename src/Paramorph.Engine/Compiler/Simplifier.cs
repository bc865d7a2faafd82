using Paramorph.Primitives;
using Paramorph.Reference;

namespace Paramorph.Compiler;

/// <summary>
/// Makes a computation smaller without changing what it computes: calls are inlined, equal operations become one, constants are folded, neutral
/// operations disappear and chains of rearrangements become one. Operations without use vanish by themselves.
/// </summary>
internal static class Simplifier
{
    /// <summary>Results of more elements are not computed ahead: loops make them as they go.</summary>
    private const int FoldedElements = 4096;

    /// <summary>Blocks among zeros that are looked at for one sum.</summary>
    private const int MostBlocks = 64;

    /// <summary>A convolution over fewer places is left to its own kernel.</summary>
    private const int NarrowestProduct = 100;

    public static Computation Simplify(Computation computation, CompilerOptions options) => Computation.Trace(
        computation.Name, inputs => computation.Rewrite(inputs, options.Simplifies ? new Scope().Rewrite : Inlined),
        [.. computation.Inputs.Select(t => t.Type)], [.. computation.Inputs.Select(t => t.Label)]);

    /// <summary>An operation with calls inlined and nothing else done.</summary>
    private static Tensor[] Inlined(Operation operation, Tensor[] operands) => operation.Primitive switch
    {
        Identity or StopGradient => operands,
        Rematerialise call => call.Body.Rewrite(operands, Inlined),
        CustomDerivativeCall call => call.Body.Rewrite(operands, Inlined),
        _ => operation.Apply(operands),
    };

    /// <summary>The body of a loop or branch, simplified in place of the old one: its inputs keep their order.</summary>
    private static Computation Body(Computation body) => Simplify(body, CompilerOptions.Default);

    /// <summary>One scope in which equal operations are the same.</summary>
    private sealed class Scope
    {
        private readonly Dictionary<Key, Tensor[]> known = [];
        private readonly Dictionary<(ElementType, long), Tensor> scalars = [];
        private readonly Dictionary<Storage, Tensor> values = [];

        public Tensor[] Rewrite(Operation operation, Tensor[] operands)
        {
            operands = Array.ConvertAll(operands, Shared);
            if (Shorter(operation, operands) is { } shorter) return shorter;
            var primitive = WithSimplifiedBodies(operation.Primitive);
            var key = new Key(primitive, operands);
            if (known.TryGetValue(key, out var same)) return same;
            var results = Fold(operation, primitive, operands) ?? Tensor.Bind(primitive, operands);
            known[key] = results;
            return results;
        }

        /// <summary>Equal scalar constants, and other names of one value, are one tensor, so that what is made of them is equal too.</summary>
        private Tensor Shared(Tensor tensor)
        {
            if (tensor.StorageOrNull is { } storage && tensor.Rank > 0)
                return values.TryGetValue(storage, out var named) && named.Type == tensor.Type ? named : values[storage] = tensor;
            if (tensor is not { Rank: 0, IsEvaluated: true } || tensor.ElementType.IsComplex() || tensor.ElementType == ElementType.Int64) return tensor;
            // By their bits: 0 and -0 are equal but not the same.
            var key = (tensor.ElementType, BitConverter.DoubleToInt64Bits(tensor.Item()));
            return scalars.TryGetValue(key, out var shared) ? shared : scalars[key] = tensor;
        }

        private Tensor[]? Shorter(Operation operation, Tensor[] x)
        {
            var primitive = operation.Primitive;
            switch (primitive)
            {
                case Identity or StopGradient:
                    return x;
                case Rematerialise call:
                    // A scope of its own: what is computed again is not taken for what was computed before.
                    return call.Body.Rewrite(x, new Scope().Rewrite);
                case CustomDerivativeCall call:
                    return call.Body.Rewrite(x, Rewrite);
                case Reshape reshape when x[0].Shape == reshape.Shape:
                    return x;
                case Reshape reshape when x[0].Source is { Primitive: Reshape } inner:
                    return Again(reshape, inner.Input);
                case Transpose transpose when x[0].Source is { Primitive: Transpose first } inner:
                    return Again(new Transpose([.. transpose.Permutation.Select(a => first.Permutation[a])]), inner.Input);
                case Transpose transpose when transpose.Permutation.Select((a, i) => a == i).All(same => same):
                    return x;
                case Broadcast broadcast when x[0].Shape == broadcast.Shape:
                    return x;
                case Broadcast broadcast when x[0].Source is { Primitive: Broadcast first } inner:
                    return Again(new Broadcast(broadcast.Shape, [.. first.Axes.Select(a => broadcast.Axes[a])]), inner.Input);
                case Slice slice when slice.IsWhole(x[0].Shape):
                    return x;
                case Slice slice when x[0].Source is { Primitive: Slice first } inner:
                    return Again(Composed(first, slice), inner.Input);
                case Pad pad when pad.Low.Concat(pad.High).Concat(pad.Interior).All(n => n == 0):
                    return [x[0]];
                case Concatenate when x.Length == 1:
                    return x;
                case Reduce { Axes.Count: 0 }:
                    return x;
                case Convolution convolution when x[0].ElementType.IsFloating() && IsPlain(convolution):
                    return Product(x[0], x[1]);
                case Convolution convolution when x[0].ElementType is ElementType.Int8 or ElementType.UInt8 && x[1].Shape[1] is var channels && channels > 1 && (convolution.Groups == 1 || channels % 2 == 0):
                    return Again(convolution with { IsPaired = true }, Paired(x[0]), Paired(x[1]));
                case Convolution convolution when x[0].ElementType is ElementType.Int8 or ElementType.UInt8 && ExactSums(x[0].ElementType, x[1].Shape) is { } real:
                    return [Cast(Again(convolution with { IsExact = true }, Cast(x[0], real), Cast(x[1], real))[0], ElementType.Int32)];
                case WindowReduce { Kind: ReductionKind.Max or ReductionKind.Min } reduce when x[0].Source is { Primitive: Primitives.Cast } cast && cast.Input.Source is { Primitive: Convolution { IsExact: true } }:
                    // Fewer whole numbers are left to cast.
                    return [Cast(Again(reduce, cast.Input)[0], x[0].ElementType)];
                case WindowReduce { Kind: ReductionKind.Max or ReductionKind.Min } reduce when x[0].ElementType is ElementType.Int8 or ElementType.UInt8:
                    // Vectors of four bytes an element reduce windows faster than single bytes.
                    return [Cast(Again(reduce, Cast(x[0], ElementType.Int32))[0], x[0].ElementType)];
                case Elementwise:
                    return Neutral(primitive, x) ?? (primitive == Elementwise.Add ? Joined(x[0], x[1]) : null);
                default:
                    return null;
            }
        }

        /// <summary>A slice of a slice as one.</summary>
        private static Slice Composed(Slice first, Slice second)
        {
            IEnumerable<int> Along(Func<int, int> of) => Enumerable.Range(0, first.Starts.Count).Select(of);
            int At(int a, int place) => Math.Min(first.Limits[a], first.Starts[a] + place * first.Strides[a]);
            return new(
                [.. Along(a => At(a, second.Starts[a]))],
                [.. Along(a => At(a, second.Limits[a]))],
                [.. Along(a => first.Strides[a] * second.Strides[a])]);
        }

        /// <summary>x + 0, 0 + x, x - 0, x 1, 1 x, x / 1, -(-x).</summary>
        private static Tensor[]? Neutral(Primitive function, Tensor[] x)
        {
            if (function == Elementwise.Negate) return x[0].Source is { } inner && inner.Primitive == Elementwise.Negate ? [inner.Input] : null;
            if (function == Elementwise.Add) return IsUniform(x[1], 0) ? [x[0]] : IsUniform(x[0], 0) ? [x[1]] : null;
            if (function == Elementwise.Subtract) return IsUniform(x[1], 0) ? [x[0]] : null;
            if (function == Elementwise.Multiply) return IsUniform(x[1], 1) ? [x[0]] : IsUniform(x[0], 1) ? [x[1]] : null;
            return function == Elementwise.Divide && IsUniform(x[1], 1) ? [x[0]] : null;
        }

        /// <summary>Blocks among zeros that touch along one axis, added in any order, as one block: the derivative of what splits a tensor.</summary>
        private Tensor[]? Joined(Tensor a, Tensor b)
        {
            var blocks = new List<Block>();
            if (!Collect(a, blocks) || !Collect(b, blocks)) return null;
            var axis = blocks[0].Axis;
            if (blocks.Exists(block => block.Axis != axis)) return null;
            blocks.Sort((p, q) => p.Start.CompareTo(q.Start));
            for (var i = 1; i < blocks.Count; i++)
                if (blocks[i - 1].Start + blocks[i - 1].Part.Shape[axis] != blocks[i].Start) return null;
            var (first, last) = (blocks[0], blocks[^1]);
            IEnumerable<Tensor> Parts(Tensor t) => t.Source is { Primitive: Concatenate join } joined && join.Axis == axis ? joined.Inputs.ToArray() : [t];
            var all = Again(new Concatenate(axis), [.. blocks.SelectMany(block => Parts(block.Part))])[0];
            return Again(new Pad(first.Pad.Low, last.Pad.High, first.Pad.Interior), all, first.Zero);
        }

        /// <summary>Adds the blocks whose sum a tensor is; false when it is something else.</summary>
        private static bool Collect(Tensor tensor, List<Block> blocks)
        {
            if (tensor is { IsEvaluated: false, Source: { } sum } && sum.Primitive == Elementwise.Add)
                return blocks.Count < MostBlocks && Collect(sum.Inputs[0], blocks) && Collect(sum.Inputs[1], blocks);
            if (tensor.Source is not { Primitive: Pad pad } operation || !IsUniform(operation.Inputs[1], 0) || pad.Interior.Any(n => n != 0)) return false;
            int[] axes = [.. Enumerable.Range(0, tensor.Rank).Where(i => pad.Low[i] != 0 || pad.High[i] != 0)];
            if (axes is not [var axis] || Math.Min(pad.Low[axis], pad.High[axis]) < 0) return false;
            blocks.Add(new(pad, axis, operation.Input, operation.Inputs[1]));
            return true;
        }

        /// <summary>A tensor among zeros along one axis.</summary>
        private readonly record struct Block(Pad Pad, int Axis, Tensor Part, Tensor Zero)
        {
            public int Start => Pad.Low[Axis];
        }

        /// <summary>Whether a kernel slides by single steps over an input as it is.</summary>
        private static bool IsPlain(Convolution convolution) =>
            convolution.Groups == 1 && convolution.Low.Concat(convolution.High).All(n => n == 0)
            && convolution.Strides.Concat(convolution.InputDilations).Concat(convolution.KernelDilations).All(n => n == 1);

        /// <summary>
        /// A convolution [batch, channels, spatial...] with weights [outputs, channels, kernel...] as a matrix product: where the kernel is one element,
        /// or as large as the input, which is the derivative in such a kernel. Null for others, and where the matrices would be too narrow.
        /// </summary>
        private Tensor[]? Product(Tensor x, Tensor weights)
        {
            var (spatial, kernel) = (x.Shape[2..], weights.Shape[2..]);
            if (spatial.ElementCount < NarrowestProduct) return null;
            if (kernel.ElementCount == 1)
            {
                var matrix = Again(new Reshape(weights.Shape[..2]), weights)[0];
                var outputsFirst = Again(new Dot([], [], [1], [1]), matrix, x)[0];
                return Again(new Transpose([1, 0, .. Enumerable.Range(2, spatial.Rank)]), outputsFirst);
            }
            if (kernel != spatial) return null;
            int[] contracted = [.. Enumerable.Range(1, spatial.Rank + 1)];
            var product = Again(new Dot([], [], [.. contracted], [.. contracted]), x, weights)[0];
            return Again(new Reshape([.. product.Shape, .. spatial.Select(_ => 1)]), product);
        }

        /// <summary>The smallest type of real numbers that holds each sum of a convolution of 8-bit integers exactly, or null.</summary>
        private static ElementType? ExactSums(ElementType type, Shape weights)
        {
            var largest = weights[1..].ElementCount * (double)(type == ElementType.Int8 ? 1 << 14 : 1 << 16);
            return largest <= 1 << 24 ? ElementType.Float32 : largest <= int.MaxValue ? ElementType.Float64 : null;
        }

        /// <summary>Elements as others; what is put around them is put there afterwards, since lines of single bytes are slow to write.</summary>
        private Tensor Cast(Tensor x, ElementType to) => x.Source is { Primitive: Pad pad, Inputs: var padded }
            ? Again(pad, Cast(padded[0], to), Cast(padded[1], to))[0]
            : Again(new Cast(to), x)[0];

        /// <summary>
        /// Bytes [outer, channels, ...] as pairs of 16 bits, i32 [outer, channels / 2, ...], the first of two channels in the lower half and zero beside an odd one. What is
        /// put around the bytes along other axes is put around the pairs.
        /// </summary>
        private Tensor Paired(Tensor x)
        {
            if (x.Source is { Primitive: Pad pad, Inputs: var padded } && pad.Low[1] == 0 && pad.High[1] == 0 && pad.Interior[1] == 0)
            {
                var value = Cast(padded[1], ElementType.Int32);
                return Again(pad, Paired(padded[0]), Joined(value, value))[0];
            }
            var channels = x.Shape[1];
            if (channels % 2 == 1)
            {
                int[] none = new int[x.Rank], one = new int[x.Rank];
                one[1] = 1;
                x = Again(new Pad([.. none], [.. one], [.. none]), x, Tensor.Zeros([], x.ElementType))[0];
            }
            Tensor Every(int first)
            {
                int[] starts = new int[x.Rank], strides = [.. Enumerable.Repeat(1, x.Rank)];
                (starts[1], strides[1]) = (first, 2);
                return Cast(Again(new Slice([.. starts], [.. x.Shape.Sizes], [.. strides]), x)[0], ElementType.Int32);
            }
            return Joined(Every(0), Every(1));

            Tensor Joined(Tensor low, Tensor high)
            {
                Tensor Number(int number) => Again(new Broadcast(low.Shape, []), Tensor.Scalar(number))[0];
                return Again(Elementwise.Or, Again(Elementwise.And, low, Number(0xFFFF))[0], Again(Elementwise.ShiftLeft, high, Number(16))[0])[0];
            }
        }

        private Tensor[] Again(Primitive primitive, params Tensor[] inputs)
        {
            var operation = Tensor.Bind(primitive, inputs)[0].Source!;
            return Rewrite(operation, inputs);
        }

        private static Primitive WithSimplifiedBodies(Primitive primitive) => primitive switch
        {
            Scan scan => scan with { Body = Body(scan.Body) },
            While loop => loop with { Condition = Body(loop.Condition), Body = Body(loop.Body) },
            Cond choice => choice with { Then = Body(choice.Then), Else = Body(choice.Else) },
            _ => primitive,
        };

        /// <summary>The results of an operation on constants, when they are small.</summary>
        private static Tensor[]? Fold(Operation operation, Primitive primitive, Tensor[] operands)
        {
            if (primitive is ForeignCall or Broadcast or Iota || primitive.Bodies.Count > 0 || !Array.TrueForAll(operands, t => t.IsEvaluated)) return null;
            if (Primitive.Elements(operation.OutputTypes()) > FoldedElements || operands.Sum(t => (long)t.Count) > FoldedElements) return null;
            try
            {
                var results = new ReferenceEvaluator(round: true).Apply(operation, Array.ConvertAll(operands, t => ReferenceArray.From(t.Value(), t.Shape)));
                return Array.ConvertAll(results, r => new Tensor(r.Type, r.ToStorage()));
            }
            catch (EvaluationException)
            {
                // What has no value fails when it runs, which in a branch that is not taken it does not.
                return null;
            }
        }

        private static bool IsUniform(Tensor tensor, double value)
        {
            while (tensor.Source is { Primitive: Broadcast or Reshape } source) tensor = source.Input;
            return tensor is { Rank: 0, IsEvaluated: true } && !tensor.ElementType.IsComplex() && tensor.Item() == value;
        }
    }

    /// <summary>A primitive and the identities of its operands.</summary>
    private sealed class Key(Primitive primitive, Tensor[] operands) : IEquatable<Key>
    {
        private readonly Primitive primitive = primitive;
        private readonly Tensor[] operands = operands;

        public bool Equals(Key? other)
        {
            if (other is null || other.operands.Length != operands.Length || !primitive.Equals(other.primitive)) return false;
            for (var i = 0; i < operands.Length; i++)
                if (!ReferenceEquals(operands[i], other.operands[i])) return false;
            return true;
        }

        public override bool Equals(object? obj) => Equals(obj as Key);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(primitive.Name);
            foreach (var operand in operands) hash.Add(operand);
            return hash.ToHashCode();
        }
    }
}
