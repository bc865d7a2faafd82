namespace Paramorph.Tests;

/// <summary>Every kind of mistake is told in one sentence that names the operation, what it was given and the rule.</summary>
public class WrongUseTests
{
    private static readonly Tensor Matrix = Tensor.Zeros([2, 3]);
    private static readonly Tensor Doubles = Tensor.Zeros([2, 3], ElementType.Float64);
    private static readonly Tensor Integers = Tensor.Zeros([2, 3], ElementType.Int32);
    private static readonly Tensor Truths = Tensor.Zeros([2, 3], ElementType.Bool);
    private static readonly Tensor Complexes = Tensor.Zeros([2, 3], ElementType.Complex64);
    private static readonly Tensor One = Tensor.Scalar(1.0);

    /// <summary>What is done, and what the sentence must say.</summary>
    private static readonly Dictionary<string, (Action Do, string Says)> Mistakes = new()
    {
        ["shapes that do not broadcast"] = (() => _ = Matrix + Tensor.Zeros([2]), "add: shapes [2, 3] and [2] do not broadcast: axis -1 has sizes 3 and 2"),
        ["broadcast to less"] = (() => Matrix.BroadcastTo([3]), "broadcast_to: f32[2, 3] does not broadcast to [3]"),
        ["dot of other sizes"] = (() => Matrix.Dot(Matrix), "dot: f32[2, 3] and f32[2, 3] do not fit: axis 1 of the left has size 3 but axis 0 of the right has 2"),
        ["dot of a scalar"] = (() => Matrix.Dot(Tensor.Scalar(1f)), "dot: f32[2, 3] and f32[]: a scalar has no axis to contract"),
        ["dot of booleans"] = (() => Truths.Dot(Truths.T), "dot: bool[2, 3] and bool[3, 2] must have one numeric element type"),
        ["matmul of other sizes"] = (() => Tensor.MatMul(Matrix, Matrix), "matmul: f32[2, 3] and f32[2, 3] do not fit: the last axis of the left has 3"),
        ["contraction without pairs"] = (() => Tensor.Contract(Matrix, Matrix, [0, 1], [0]), "contract: 2 and 1 contracted axes"),
        ["axis that is not there"] = (() => Matrix.Sum(2), "sum: shape [2, 3] has no axis 2: axes run from -2 to 1"),
        ["axis named twice"] = (() => Matrix.Max(0, -2), "max: axis 0 of shape [2, 3] is named twice"),
        ["reshape to another count"] = (() => Matrix.Reshape(4, 2), "reshape: f32[2, 3] has 6 elements but [4, 2] has 8"),
        ["reshape that does not divide"] = (() => Matrix.Reshape(4, -1), "reshape: f32[2, 3] does not fit [4, -1]: 6 elements do not divide by 4"),
        ["reshape with two open sizes"] = (() => Matrix.Reshape(-1, -1), "reshape: f32[2, 3] does not become [-1, -1]: sizes are 0 or more, and one of them may be -1"),
        ["bad permutation"] = (() => Matrix.Transpose(0, 0), "transpose: [0, 0] is not a permutation of the 2 axes of f32[2, 3]"),
        ["short permutation"] = (() => Matrix.Transpose(0), "transpose: [0] is not a permutation of the 2 axes of f32[2, 3]"),
        ["transposed vector"] = (() => _ = Tensor.Zeros([3]).T, "transpose: f32[3] has fewer than two axes"),
        ["slice outside"] = (() => Matrix.SliceAxis(1, 1, 4), "slice: 1..4 by 1 does not lie in axis 1 of f32[2, 3]: bounds run from 0 to 3"),
        ["slice backward"] = (() => Matrix.SliceAxis(1, 0, 2, -1), "slice: 0..2 by -1 does not lie in axis 1"),
        ["slice of too few axes"] = (() => Matrix.Slice([0], [1], [1]), "slice: f32[2, 3] has 2 axes: give a start, a limit and a stride for each"),
        ["position outside"] = (() => _ = Matrix[0, 3], "index: position 3 lies outside axis 1 of f32[2, 3], which has 3 elements"),
        ["position outside from the end"] = (() => _ = Matrix[-3], "index: position ^3 lies outside axis 0 of f32[2, 3]"),
        ["too many indices"] = (() => _ = Matrix[0, 1, 2], "index: 3 parts and 0 ellipses do not fit f32[2, 3]"),
        ["two ellipses"] = (() => _ = Matrix[TensorIndex.Ellipsis, TensorIndex.Ellipsis], "index: 0 parts and 2 ellipses do not fit f32[2, 3]"),
        ["stride of zero"] = (() => TensorIndex.Every(0, ..), "index: a stride of 0 goes nowhere"),
        ["index of reals"] = (() => _ = Matrix[Tensor.From(0.5)], "index: f64[1] does not index: positions are integers"),
        ["index of booleans"] = (() => _ = Matrix[Tensor.From(true, false)], "index: bool[2] does not index: positions are integers"),
        ["index outside when it runs"] = (() => Matrix.Take(Tensor.From(0, 2)).Evaluate(), "gather: index 2 lies outside axis 0 of [2, 3]: indices run from 0 to 1, or from -2 to -1"),
        ["negative index outside when it runs"] = (() => Matrix.Take(Tensor.From(-3)).Evaluate(), "gather: index -3 lies outside axis 0 of [2, 3]"),
        ["scatter outside when it runs"] = (() => Matrix.ScatterAdd(Tensor.From(5), Tensor.Ones([1, 3])).Evaluate(), "scatter_add: index 5 lies outside axis 0 of [2, 3]"),
        ["updates of another shape"] = (() => Matrix.ScatterAdd(Tensor.From(0), Tensor.Ones([2, 3])), "broadcast_to: f32[2, 3] does not broadcast to [1, 3]"),
        ["updates of another type"] = (() => Matrix.ScatterAdd(Tensor.From(0), Doubles[0]), "scatter_add: the updates f64[1, 3] for f32[2, 3] at i32[1, 1] must be f32[1, 3]"),
        ["scattered booleans"] = (() => Truths.ScatterAdd(Tensor.From(0), Truths[0]), "scatter_add: is not defined on bool[2, 3]: booleans do not add"),
        ["scatter onto a scalar"] = (() => One.ScatterAdd(Tensor.From(0), One), "scatter: a scalar has no axis to scatter along"),
        ["take along other axes"] = (() => Matrix.TakeAlong(Tensor.From(0), 0), "take_along: indices i32[1] must have as many axes as f32[2, 3]"),
        ["dynamic slice too large"] = (() => Matrix.DynamicSlice(Tensor.From(0, 0), [3, 3]), "dynamic_slice: a block [3, 3] does not lie in f32[2, 3]"),
        ["dynamic slice by too few starts"] = (() => Matrix.DynamicSlice(Tensor.From(0), [1, 1]), "dynamic_slice: the starts i32[1] must be an i32 vector of 2 indices"),
        ["pad of too few axes"] = (() => Matrix.Pad([(1, 1)]), "pad: f32[2, 3] has 2 axes but 1 amounts are given"),
        ["pad that cuts too much"] = (() => Matrix.Pad([(-2, -1), (0, 0)]), "pad: -2 before, -1 after and 0 between leave -1 elements on axis 0 of f32[2, 3]"),
        ["squeeze of another size"] = (() => Matrix.Squeeze(0), "squeeze: axis 0 of f32[2, 3] has size 2, not 1"),
        ["split that does not divide"] = (() => Matrix.Split(2, 1), "split: axis 1 of f32[2, 3] has size 3, which does not divide into 2 equal parts"),
        ["new axis outside"] = (() => Matrix.ExpandDims(4), "expand_dims: f32[2, 3] takes a new axis at -3 to 2, not at 4"),
        ["concatenation of other sizes"] = (() => Tensor.Concatenate([Matrix, Matrix.T]), "concatenate: f32[2, 3] and f32[3, 2] do not join along axis 0"),
        ["concatenation of nothing"] = (() => Tensor.Concatenate([]), "concatenate: there is nothing to join"),
        ["stack of other shapes"] = (() => Tensor.Stack([Matrix, Matrix.T]), "stack: f32[2, 3] and f32[3, 2] differ in shape"),
        ["meshgrid of matrices"] = (() => Tensor.Meshgrid(Matrix), "meshgrid: an axis of shape [2, 3] is not a vector"),
        ["linspace of one point"] = (() => Tensor.Linspace(0, 1, 1), "linspace: 1 points do not span an interval"),
        ["elements that do not fill"] = (() => Tensor.From([1f, 2], [3]), "from: 2 elements do not fill shape [3], which has 3"),
        ["negative size"] = (() => Tensor.Zeros([2, -1]), "shape [2, -1] has a negative size"),
        ["too many elements"] = (() => Tensor.Zeros([1 << 16, 1 << 16]), "shape [65536, 65536] has more than 2147483647 elements"),
        ["types that do not mix"] = (() => _ = Matrix * Doubles, "multiply: f32 and f64 do not mix: single precision never becomes double silently; cast one with AsType"),
        ["type of no elements"] = (() => Tensor.From('a'), "Char is not an element type: use float, double, int"),
        ["floor of integers"] = (() => Tensor.Floor(Integers), "floor: is not defined on i32[2, 3]: it takes real elements; cast with AsType"),
        ["sum of booleans"] = (() => _ = Truths + Truths, "add: is not defined on bool[2, 3]: it takes integer, real or complex elements; cast with AsType"),
        ["order of complex numbers"] = (() => _ = Complexes < Complexes * 2.0, "less: is not defined on c64[2, 3]: it takes bool, integer or real elements"),
        ["complement of reals"] = (() => _ = ~Matrix, "not: is not defined on f32[2, 3]: it takes bool or integer elements"),
        ["maximum of complex numbers"] = (() => Complexes.Max(), "reduce_max: is not defined on c64[2, 3]"),
        ["maximum of nothing"] = (() => Tensor.Zeros([0, 2]).Max(0), "reduce_max: f32[0, 2] has no elements along [0], and an extreme of nothing does not exist"),
        ["argmax of nothing"] = (() => Tensor.Zeros([0, 2]).ArgMax(0), "argmax: f32[0, 2] has no elements along axis 0"),
        ["argmax of complex numbers"] = (() => Complexes.ArgMax(0), "argmax: c64[2, 3] is complex and has no order"),
        ["complex to real"] = (() => Complexes.AsType(ElementType.Float32), "cast: c64[2, 3] does not become f32: take its Real part"),
        ["bits of another size"] = (() => Matrix.BitCast(ElementType.Int64), "bit_cast: f32[2, 3] does not become i64: both must have the same size"),
        ["complex of integers"] = (() => Tensor.Complex(Integers, Integers), "complex: i32[2, 3] and i32[2, 3] are not a real and an imaginary part"),
        ["choice by numbers"] = (() => Tensor.Where(Matrix, Matrix, Matrix), "select: the condition f32[2, 3] must be bool"),
        ["negative order"] = (() => Tensor.Polygamma(-1, Matrix), "polygamma: there is no order -1: orders are 0 or more"),
        ["item of many"] = (() => Matrix.Item(), "item: f32[2, 3] has 6 elements, not one"),
        ["elements as another type"] = (() => Matrix.ToArray<double>(), "the elements of f32[2, 3] cannot be read as f64: cast with AsType first"),
        ["complex elements as doubles"] = (() => Complexes.ToDoubles(), "c64[2, 3] is complex: read it with ToArray"),
        ["loss of many"] = (() => Gradient.Of(Matrix, x => x), "gradient: the loss is f32[2, 3] but must be one real number: reduce it with Sum or Mean, or use Jacobian"),
        ["integer loss"] = (() => Gradient.Of(Matrix, x => x.Sum().AsType(ElementType.Int32)), "gradient: the loss is i32[] but must be one real number"),
        ["complex loss"] = (() => Gradient.Of(Complexes, x => x.Sum()), "gradient: the loss is c64[] but must be one real number"),
        ["tangent of another type"] = (() => Jvp.Of(Matrix, Doubles, x => x), "jvp: the direction f64[2, 3] at f32[2, 3] must have the same type"),
        ["cotangent of another shape"] = (() => Vjp.Of(Matrix, x => x.Sum()).Pull(Matrix), "vjp: the direction f32[2, 3] at f32[] must have the same type"),
        ["tangent of another structure"] = (() => Jvp.Of<TreeList<Tensor>, Tensor>([One], [One, One], x => x[0]), "The trees differ at [1]: the first has nothing, the second has a tensor"),
        ["batches of other sizes"] = (() => Vmap.Of((a, b) => a, Matrix, Matrix.T), "vmap: f32[2, 3] and f32[3, 2] differ in the size of the batch: 2 and 3"),
        ["batch of a scalar"] = (() => Vmap.Of(x => x, One), "vmap: shape [] has no axis 0"),
        ["value inside a batch"] = (() => Vmap.Of(x => x * x.Item(), One.ExpandDims(0)), "a value of f64[] is asked for while Vmap traces the function"),
        ["value inside a compiled function"] = (() => Compile.Of<Tensor, Tensor>(x => x * x.Item())(One), "a value of f64[] is asked for while compile traces the function"),
        ["value inside a scan"] = (() => Control.Repeat(2, (_, c) => c * c.Item(), One), "a value of f64[] is asked for while scan traces the function"),
        ["leak from a batch"] = (() => _ = Leaked(leak => Vmap.Of(x => leak(x * 2.0), Doubles)) + 1.0, "add: the operand f64[3] comes from a function that Vmap traced and that has returned: return it from there instead"),
        ["leak from a compiled function"] = (() => _ = Leaked(leak => Compile.Of<Tensor, Tensor>(leak)(Doubles)) + 1.0, "add: the operand f64[2, 3] comes from a function that compile traced"),
        ["leak from a scan"] = (() => _ = Leaked(leak => Control.Repeat(2, (_, c) => leak(c * 2.0), One)) + 1.0, "add: the operand f64[] comes from a function that scan traced"),
        ["value of a leak"] = (() => Leaked(leak => Vmap.Of(x => leak(x * 2.0), Doubles)).Evaluate(), "a tensor f64[3] left the function that Vmap traced: return it from the function instead of keeping it"),
        ["leak into another batch"] = (() => Vmap.Of(_ => Leaked(leak => Vmap.Of(x => leak(x * 2.0), Doubles)), Doubles), "comes from a function that Vmap traced"),
        ["compiled function that captures"] = (
            () => Vmap.Of(x => Compile.Of<Tensor, Tensor>(y => x * y)(One), Doubles), "compile: the function uses a tensor f64[3] of another function that is being traced: make it an input"),
        ["custom derivative that captures"] = (
            () => Gradient.Of(One, x => CustomDerivative.OfTangents<Tensor, Tensor>(One, y => x * y, (y, _, t) => t)), "custom_derivative: the function uses a tensor f64[] of another function that is being traced"),
        ["custom derivative of another type"] = (
            () => Gradient.Of(Doubles, x => CustomDerivative.OfCotangents<Tensor, Tensor>(x, y => y.Sum(), (y, _, c) => c)), "custom_derivative: the rule gives (f64[]) but must give (f64[2, 3])"),
        ["scan that changes types"] = (() => Control.Repeat(2, (_, c) => c.ExpandDims(0), One), "scan: the body makes a carry (f64[1]) of (f64[]): it must keep the types"),
        ["scan that changes structure"] = (() => Control.Repeat<TreeList<Tensor>>(2, (_, c) => [.. c, One], [One]), "The trees differ at [1]: the first has nothing, the carry after a step of the loop has a tensor"),
        ["scan of other lengths"] = (
            () => Control.Scan<Tensor, TreeList<Tensor>, Tensor>((c, x) => (c, c), One, [Doubles, Doubles.T]), "scan: a sequence f64[3, 2] must have 2 slices along its first axis"),
        ["scan of a scalar"] = (() => Control.Scan<Tensor, Tensor, Tensor>((c, x) => (c, c), One, One), "scan: a sequence f64[] must have slices along a first axis"),
        ["scan of nothing"] = (() => Control.Scan<Tensor, TreeList<Tensor>, Tensor>((c, x) => (c, c), One, []), "scan: there is no sequence to take the length from"),
        ["while with a condition of many"] = (() => Control.While(x => x > 1.0, x => x, Doubles), "while: the condition is bool[2, 3] but must be one bool"),
        ["while that changes types"] = (() => Control.While(x => x.Sum() > 1.0, x => x.T, Doubles), "while: the body makes a carry (f64[3, 2]) of (f64[2, 3]): it must keep the types"),
        ["condition of many"] = (() => Control.Cond(Truths, () => One, () => One), "cond: the condition bool[2, 3] must be one bool"),
        ["branches of other types"] = (() => Control.Cond(true, () => One, () => Doubles), "cond: the branches give (f64[]) and (f64[2, 3]): both must give the same types"),
        ["branches of another structure"] = (
            () => Control.Cond<TreeList<Tensor>>(true, () => [One], () => [One, One]), "The trees differ at [1]: the first has nothing, the other branch of the cond has a tensor"),
        ["associative scan of other sizes"] = (() => AssociativeScan.Of([Matrix, Matrix.T], (a, _) => a), "associative_scan: f32[2, 3] and f32[3, 2] have different sizes along axis 0"),
        ["associative scan that changes types"] = (() => AssociativeScan.Of([Matrix], (a, _) => [a[0].Sum(1)]), "associative_scan: the function makes (f32[1]) of two (f32[1, 3]): it must keep the types"),
        ["foreign function of another type"] = (
            () => Foreign.Call("table", x => [Doubles], [Matrix.Type], Matrix)[0].Evaluate(), "foreign_call table: it returned (f64[2, 3]) but was declared to return (f32[2, 3])"),
        ["computation on too few inputs"] = (() => Computation.Trace("f", x => [x[0]], [Matrix.Type]).Apply(), "f: takes 1 inputs, not 0"),
        ["computation on another type"] = (() => Computation.Trace("f", x => [x[0]], [Matrix.Type]).Apply(Doubles), "f: input 0 is f64[2, 3] but must be f32[2, 3]"),
    };

    public static TheoryData<string> Names => [.. Mistakes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_mistake_is_told_in_one_sentence(string name)
    {
        var (make, says) = Mistakes[name];
        var error = Assert.ThrowsAny<Exception>(make);
        Assert.True(error is TensorException or TreeException, $"{error.GetType().Name}: {error.Message}");
        Assert.Contains(says, error.Message);
        IsOneSentence(error.Message);
    }

    [Fact]
    public void A_function_that_fails_to_be_traced_may_be_called_again()
    {
        var isBroken = true;
        var compiled = Compile.Of<Tensor, Tensor>(x => isBroken ? x.Dot(x) : x.Sum());
        Assert.Throws<ShapeException>(() => compiled(Matrix));
        isBroken = false;
        Assert.Equal(0, compiled(Matrix).Item());
    }

    [Fact]
    public void An_error_leaves_no_trace_open()
    {
        var x = Tensor.From(1.0, 2);
        Assert.Throws<InvalidTimeZoneException>(() => Gradient.Of(x, v => throw new InvalidTimeZoneException()));
        Assert.Throws<InvalidTimeZoneException>(() => Vmap.Of<Tensor, Tensor>(v => throw new InvalidTimeZoneException(), x));
        Assert.Throws<InvalidTimeZoneException>(() => Compile.Of<Tensor, Tensor>(v => throw new InvalidTimeZoneException())(x));
        Assert.Equal([2.0, 4], Gradient.Of(x, v => (v * v).Sum()).ToDoubles());
    }

    /// <summary>What a transform's function kept of itself.</summary>
    private static Tensor Leaked(Action<Func<Tensor, Tensor>> transform)
    {
        Tensor? kept = null;
        transform(x => kept = x);
        return kept!;
    }

    private static void IsOneSentence(string message)
    {
        Assert.EndsWith(".", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        Assert.DoesNotContain(". ", message, StringComparison.Ordinal);
    }
}
