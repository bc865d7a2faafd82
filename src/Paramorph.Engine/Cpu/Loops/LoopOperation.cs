namespace Paramorph.Cpu;

/// <summary>The instructions of a <see cref="LoopProgram"/>.</summary>
internal enum LoopOperation
{
    /// <summary>An operand's element at the current indices.</summary>
    Load,

    Constant,

    /// <summary>The index along one dimension.</summary>
    Iota,

    Negate,
    Abs,

    /// <summary>1, -1, or the argument itself where it is zero or NaN.</summary>
    Sign,

    Floor,
    Ceiling,

    /// <summary>To the nearest integer, halves to even.</summary>
    Round,

    Truncate,
    Sqrt,
    ReciprocalSqrt,
    Reciprocal,
    Exp,
    Expm1,
    Log,
    Log1p,
    Sin,
    Cos,
    Tan,
    Asin,
    Acos,
    Atan,
    Sinh,
    Cosh,
    Tanh,
    Sigmoid,
    Erf,
    Erfc,
    ErfInv,
    LogGamma,
    Digamma,

    /// <summary>Logical for bool, of all bits for integers.</summary>
    Not,

    IsNaN,
    IsFinite,

    /// <summary>
    /// To another type by value: real to integer truncates, saturates and takes NaN to zero; integer to a narrower integer wraps; to bool asks
    /// for not zero.
    /// </summary>
    Cast,

    /// <summary>To another type of the same size by bits: f32 and i32, f64 and i64.</summary>
    Bitcast,

    Add,
    Subtract,
    Multiply,

    /// <summary>Integers round towards zero; an integer divided by zero is zero.</summary>
    Divide,

    /// <summary>NaN if either argument is NaN.</summary>
    Minimum,

    /// <summary>NaN if either argument is NaN.</summary>
    Maximum,

    /// <summary>IEEE 754 pow for reals, modular for integers.</summary>
    Power,

    /// <summary>With the sign of the divisor, as in NumPy; an integer's remainder by zero is zero.</summary>
    Remainder,

    Atan2,
    And,
    Or,
    Xor,

    /// <summary>A count that is negative or beyond the width shifts all bits out; so for the other shifts.</summary>
    ShiftLeft,

    ShiftRightArithmetic,
    ShiftRightLogical,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,

    /// <summary>Where A is true B, else C.</summary>
    Select,

    /// <summary>The minimum of C and the maximum of A and B.</summary>
    Clamp,

    /// <summary>A B + C, rounded once for reals.</summary>
    MultiplyAdd,
}
