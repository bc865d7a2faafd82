namespace Paramorph.Cpu;

/// <summary>The instructions of a <see cref="LaneProgram"/>: what vectors do.</summary>
internal enum LaneOperation
{
    Load,
    Constant,
    Iota,
    Add,
    Subtract,
    Multiply,
    Divide,
    And,
    Or,
    Xor,
    ShiftLeft,
    ShiftRightArithmetic,
    ShiftRightLogical,
    MultiplyAdd,
    Sqrt,
    Round,
    Floor,
    Ceiling,
    Truncate,
    Min,
    Max,
    MinNative,
    MaxNative,
    LessThan,
    LessThanOrEqual,
    Equal,
    Select,
    Reinterpret,
    Convert,

    /// <summary>Where the mask A is set anywhere, the lane function applied to B overwrites lanes of C.</summary>
    Repair,

    /// <summary>A lane function of A and B.</summary>
    PerLane,

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
    Atan2,

    /// <summary>|A|^B without the special cases.</summary>
    PowerMagnitude,

    /// <summary>|A|^B of f64 lanes whose values were f32.</summary>
    PowerMagnitudeFor32,

    /// <summary>A^B from C = |A|^B.</summary>
    PowerSpecial,
}
