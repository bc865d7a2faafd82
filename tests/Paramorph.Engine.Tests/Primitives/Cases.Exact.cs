namespace Paramorph.Tests.Primitives;

internal static partial class Cases
{
    private static Tensor Ints => Tensor.From([-7, 7, -8, 5, 0, 3], [6]);
    private static Tensor Divisors => Tensor.From([2, -2, 3, 5, 4, -3], [6]);

    /// <summary>Functions of integers and truth values, and comparisons: exact and without derivatives.</summary>
    private static IEnumerable<Case> ExactFunctions =>
    [
        OfIntegers("negate", (x, _) => -x, (x, _) => -x),
        OfIntegers("abs", (x, _) => Tensor.Abs(x), (x, _) => Math.Abs(x)),
        OfIntegers("sign", (x, _) => Tensor.Sign(x), (x, _) => Math.Sign(x)),
        OfIntegers("not", (x, _) => ~x, (x, _) => -x - 1),
        OfIntegers("add", (x, y) => x + y, (x, y) => x + y),
        OfIntegers("subtract", (x, y) => x - y, (x, y) => x - y),
        OfIntegers("multiply", (x, y) => x * y, (x, y) => x * y),
        OfIntegers("floor_divide", Tensor.FloorDivide, (x, y) => (int)Math.Floor((double)x / y)),
        OfIntegers("remainder", (x, y) => x % y, (x, y) => x - y * (int)Math.Floor((double)x / y)),
        OfIntegers("maximum", Tensor.Maximum, Math.Max),
        OfIntegers("minimum", Tensor.Minimum, Math.Min),
        OfIntegers("and", (x, y) => x & y, (x, y) => x & y),
        OfIntegers("or", (x, y) => x | y, (x, y) => x | y),
        OfIntegers("xor", (x, y) => x ^ y, (x, y) => x ^ y),
        OfIntegers("shift_left", (x, y) => x << Tensor.Abs(y), (x, y) => x * (1 << Math.Abs(y))),
        OfIntegers("shift_right", (x, y) => x >> Tensor.Abs(y), (x, y) => (int)Math.Floor(x / Math.Pow(2, Math.Abs(y)))),
        OfIntegers("shift_right_logical", (x, y) => x >>> Tensor.Abs(y), (x, y) => (int)((uint)x >> Math.Abs(y))),
        OfIntegers("power", (x, _) => Tensor.Power(x, 3), (x, _) => x * x * x),
        OfIntegers("equal", (x, y) => Tensor.Equal(x, y).AsType(ElementType.Int32), (x, y) => x == y ? 1 : 0),
        OfIntegers("not_equal", (x, y) => Tensor.NotEqual(x, y).AsType(ElementType.Int32), (x, y) => x != y ? 1 : 0),
        OfIntegers("less", (x, y) => (x < y).AsType(ElementType.Int32), (x, y) => x < y ? 1 : 0),
        OfIntegers("less_equal", (x, y) => (x <= y).AsType(ElementType.Int32), (x, y) => x <= y ? 1 : 0),
        OfIntegers("greater", (x, y) => (x > y).AsType(ElementType.Int32), (x, y) => x > y ? 1 : 0),
        OfIntegers("greater_equal", (x, y) => (x >= y).AsType(ElementType.Int32), (x, y) => x >= y ? 1 : 0),
        OfTruths("not", (x, _) => !x, (x, _) => !x),
        OfTruths("and", (x, y) => x & y, (x, y) => x && y),
        OfTruths("or", (x, y) => x | y, (x, y) => x || y),
        OfTruths("xor", (x, y) => x ^ y, (x, y) => x != y),
        OfTruths("equal", Tensor.Equal, (x, y) => x == y),
        OfTruths("less", Tensor.Less, (x, y) => !x && y),
        OfTruths("maximum", Tensor.Maximum, (x, y) => x || y),
        OfTruths("minimum", Tensor.Minimum, (x, y) => x && y),
        OfRealsToTruths("equal", Tensor.Equal, (x, y) => x == y),
        OfRealsToTruths("not_equal", Tensor.NotEqual, (x, y) => x != y),
        OfRealsToTruths("less", Tensor.Less, (x, y) => x < y),
        OfRealsToTruths("less_equal", Tensor.LessEqual, (x, y) => x <= y),
        OfRealsToTruths("greater", Tensor.Greater, (x, y) => x > y),
        OfRealsToTruths("greater_equal", Tensor.GreaterEqual, (x, y) => x >= y),
        OfRealsToTruths("is_nan", (x, y) => Tensor.IsNaN(x / y), (x, y) => double.IsNaN(x / y)),
        OfRealsToTruths("is_finite", (x, y) => Tensor.IsFinite(x / y), (x, y) => double.IsFinite(x / y)),
    ];

    private static IEnumerable<Case> Conversions =>
    [
        new("cast", "f64 to f32 and back", x => [x[0].AsType(ElementType.Float32).AsType(ElementType.Float64)], Tensor.From(0.5, -1.25, 3.0))
        {
            Truth = x => [x[0]], IsDifferentiable = false,
        },
        new("cast", "f64 to c128", x => [x[0].AsType(ElementType.Complex128)], Case.Numbers([4])) { Truth = x => [Tensor.Complex(x[0], 0.0)] },
        new("cast", "f64 to i32", x => [x[0].AsType(ElementType.Int32)], Tensor.From(-1.9, -0.5, 0.5, 1.9)) { Truth = _ => [Tensor.From(-1, 0, 0, 1)] },
        new("cast", "i32 to f64", x => [x[0].AsType(ElementType.Float64) * x[1]], Ints, Case.Numbers([6]))
        {
            Truth = x => [Table([6], at => x[0].ToArray<int>()[at[0]] * x[1].ToDoubles()[at[0]])],
        },
        new("cast", "c128 to bool", x => [x[0].AsType(ElementType.Bool)], Tensor.Complex(Tensor.From(0.0, 0.0, 1.0), Tensor.From(0.0, 1.0, 0.0)))
        {
            Truth = _ => [Tensor.From(false, true, true)],
        },
        new("bit_cast", "f64 to i64", x => [x[0].BitCast(ElementType.Int64)], Tensor.From(1.0, -0.0, double.NegativeInfinity))
        {
            Truth = x => [Tensor.From<long>([.. x[0].ToDoubles().Select(BitConverter.DoubleToInt64Bits)], [3])], IsDifferentiable = false, IsBatched = false,
        },
        new("bit_cast", "i32 to f32", x => [x[0].BitCast(ElementType.Float32)], Tensor.From(0x3f800000, 0x40490fdb, 1)) { Truth = _ => [Tensor.From(1f, MathF.PI, float.Epsilon)], IsDifferentiable = false },
        new("stop_gradient", "", x => [Tensor.StopGradient(x[0]) * x[0]], Case.Numbers([4])) { Truth = x => [x[0] * x[0]], IsDifferentiable = false },
    ];

    private static Case OfIntegers(string name, Func<Tensor, Tensor, Tensor> function, Func<int, int, int> truth) =>
        new(name, "of integers", x => [function(x[0], x[1])], Ints, Divisors)
        {
            Truth = x => [Tensor.From<int>([.. x[0].ToArray<int>().Zip(x[1].ToArray<int>(), truth)], x[0].Shape)],
        };

    private static Case OfTruths(string name, Func<Tensor, Tensor, Tensor> function, Func<bool, bool, bool> truth) =>
        new(name, "of truth values", x => [function(x[0], x[1])], Tensor.From(false, false, true, true), Tensor.From(false, true, false, true))
        {
            Truth = x => [Tensor.From<bool>([.. x[0].ToArray<bool>().Zip(x[1].ToArray<bool>(), truth)], x[0].Shape)],
        };

    private static Case OfRealsToTruths(string name, Func<Tensor, Tensor, Tensor> function, Func<double, double, bool> truth) =>
        new(name, "of real numbers", x => [function(x[0], x[1])], Tensor.From(1.0, 2.0, -3.0, 0.0), Tensor.From(2.0, 2.0, -4.0, 0.0))
        {
            Truth = x => [Tensor.From<bool>([.. x[0].ToDoubles().Zip(x[1].ToDoubles(), truth)], x[0].Shape)],
        };
}
