namespace Paramorph.Formats;

/// <content>Functions of elements.</content>
internal static partial class OnnxOperators
{
    private static Dictionary<string, Func<OnnxNode, Tensor[]>> Elementwise => new()
    {
        ["Abs"] = n => [Tensor.Abs(n[0])],
        ["Acos"] = n => [Tensor.Acos(n[0])],
        ["Acosh"] = n => [Tensor.Acosh(n[0])],
        ["Add"] = n => [n[0] + n[1]],
        ["And"] = n => [n[0] & n[1]],
        ["Asin"] = n => [Tensor.Asin(n[0])],
        ["Asinh"] = n => [Tensor.Asinh(n[0])],
        ["Atan"] = n => [Tensor.Atan(n[0])],
        ["Atanh"] = n => [Tensor.Atanh(n[0])],
        ["BitShift"] = n => [n.Text("direction", "") == "LEFT" ? n[0] << n[1] : n[0] >>> n[1]],
        ["BitwiseAnd"] = n => [n[0] & n[1]],
        ["BitwiseNot"] = n => [~n[0]],
        ["BitwiseOr"] = n => [n[0] | n[1]],
        ["BitwiseXor"] = n => [n[0] ^ n[1]],
        ["Cast"] = n => [Cast(n, n.Int("to", 0))],
        ["CastLike"] = n => [n[0].AsType(n[1].ElementType)],
        ["Ceil"] = n => [Tensor.Ceil(n[0])],
        ["Celu"] = n => [Celu(n[0], n.Float("alpha", 1))],
        ["Clip"] = n => [Clip(n)],
        ["Cos"] = n => [Tensor.Cos(n[0])],
        ["Cosh"] = n => [Tensor.Cosh(n[0])],
        ["Div"] = n => [Divide(n[0], n[1])],
        ["Dropout"] = Dropout,
        ["Elu"] = n => [Tensor.Elu(n[0], n.Float("alpha", 1))],
        ["Equal"] = n => [Tensor.Equal(n[0], n[1])],
        ["Erf"] = n => [Tensor.Erf(n[0])],
        ["Exp"] = n => [Tensor.Exp(n[0])],
        ["Floor"] = n => [Tensor.Floor(n[0])],
        ["Gelu"] = n => [n.Text("approximate", "none") == "tanh" ? Tensor.GeluTanh(n[0]) : Tensor.Gelu(n[0])],
        ["Greater"] = n => [Tensor.Greater(n[0], n[1])],
        ["GreaterOrEqual"] = n => [Tensor.GreaterEqual(n[0], n[1])],
        ["HardSigmoid"] = n => [HardSigmoid(n[0], n.Float("alpha", 0.2), n.Float("beta", 0.5))],
        ["HardSwish"] = n => [n[0] * HardSigmoid(n[0], 1.0 / 6, 0.5)],
        ["Identity"] = n => [n[0]],
        ["IsInf"] = n => [IsInfinite(n)],
        ["IsNaN"] = n => [Tensor.IsNaN(n[0])],
        ["LeakyRelu"] = n => [Tensor.LeakyRelu(n[0], n.Float("alpha", 0.01))],
        ["Less"] = n => [Tensor.Less(n[0], n[1])],
        ["LessOrEqual"] = n => [Tensor.LessEqual(n[0], n[1])],
        ["Log"] = n => [Tensor.Log(n[0])],
        ["Max"] = n => [n.Inputs.Aggregate(Tensor.Maximum)],
        ["Mean"] = n => [n.Inputs.Aggregate((x, y) => x + y) / (double)n.Count],
        ["Min"] = n => [n.Inputs.Aggregate(Tensor.Minimum)],
        ["Mish"] = n => [Tensor.Mish(n[0])],
        ["Mod"] = n => [n.Flag("fmod") ? Truncated(n[0], n[1]) : n[0] % n[1]],
        ["Mul"] = n => [n[0] * n[1]],
        ["Neg"] = n => [-n[0]],
        ["Not"] = n => [!n[0]],
        ["Or"] = n => [n[0] | n[1]],
        ["Pow"] = n => [Power(n[0], n[1])],
        ["PRelu"] = n => [Tensor.Where(Tensor.Less(n[0], 0), n[1] * n[0], n[0])],
        ["Reciprocal"] = n => [1 / n[0]],
        ["Relu"] = n => [Tensor.Relu(n[0])],
        ["Round"] = n => [Tensor.Round(n[0])],
        ["Selu"] = n => [n.Float("gamma", 1.05070102214813232421875) * Tensor.Elu(n[0], n.Float("alpha", 1.67326319217681884765625))],
        ["Shrink"] = n => [Shrink(n[0], n.Float("lambd", 0.5), n.Float("bias", 0))],
        ["Sigmoid"] = n => [Tensor.Sigmoid(n[0])],
        ["Sign"] = n => [Tensor.Sign(n[0])],
        ["Sin"] = n => [Tensor.Sin(n[0])],
        ["Sinh"] = n => [Tensor.Sinh(n[0])],
        ["Softplus"] = n => [Tensor.Softplus(n[0])],
        ["Softsign"] = n => [Tensor.Softsign(n[0])],
        ["Sqrt"] = n => [Tensor.Sqrt(n[0])],
        ["Sub"] = n => [n[0] - n[1]],
        ["Sum"] = n => [n.Inputs.Aggregate((x, y) => x + y)],
        ["Swish"] = n => [n[0] * Tensor.Sigmoid(n.Float("alpha", 1) * n[0])],
        ["Tan"] = n => [Tensor.Tan(n[0])],
        ["Tanh"] = n => [Tensor.Tanh(n[0])],
        ["ThresholdedRelu"] = n => [Tensor.Where(Tensor.Greater(n[0], n.Float("alpha", 1)), n[0], 0)],
        ["Where"] = n => [Tensor.Where(n[0], n[1], n[2])],
        ["Xor"] = n => [n[0] ^ n[1]],
    };

    /// <summary>Unsigned integers of 16 and 32 bits are wider here, and keep the bits that they have there.</summary>
    private static Tensor Cast(OnnxNode node, int to)
    {
        var type = OnnxTensors.TypeOf(to) ?? throw node.Unsupported($"a cast to {OnnxTensors.NameOf(to)}");
        var x = node[0].AsType(type);
        if (!node[0].ElementType.IsInteger()) return x;
        return OnnxTensors.NameOf(to) switch
        {
            nameof(StoredType.UInt16) => x & 0xFFFF,
            nameof(StoredType.UInt32) => x & 0xFFFFFFFFL,
            _ => x,
        };
    }

    private static Tensor Celu(Tensor x, double alpha) => Tensor.Maximum(x, 0) + Tensor.Minimum(alpha * Tensor.Expm1(x / alpha), 0);

    /// <summary>The bounds are attributes up to version 10, and inputs that may be left out from 11 on.</summary>
    private static Tensor Clip(OnnxNode node)
    {
        var (low, high) = node.Opset < 11
            ? (node.Has("min") ? node.Float("min", 0) : null, node.Has("max") ? node.Float("max", 0) : null)
            : (node.Optional(1), node.Optional(2));
        var x = low is null ? node[0] : Tensor.Maximum(node[0], low);
        return high is null ? x : Tensor.Minimum(x, high);
    }

    /// <summary>Nothing is dropped in evaluation, for which models are stored.</summary>
    private static Tensor[] Dropout(OnnxNode node) => node.Optional(2) is { } isTraining && Known(isTraining) != false
        ? throw node.Unsupported("dropout in training")
        : [node[0], Tensor.Full(node[0].Shape, 1, ElementType.Bool)];

    /// <summary>Integers are divided towards zero.</summary>
    private static Tensor Divide(Tensor x, Tensor y)
    {
        if (!x.ElementType.IsInteger()) return x / y;
        return Tensor.Sign(x) * Tensor.Sign(y) * Tensor.FloorDivide(Tensor.Abs(x), Tensor.Abs(y));
    }

    /// <summary>The remainder with the sign of x.</summary>
    private static Tensor Truncated(Tensor x, Tensor y) => Tensor.Sign(x) * (Tensor.Abs(x) % Tensor.Abs(y));

    private static Tensor HardSigmoid(Tensor x, double slope, double offset) => Tensor.Clamp(x * slope + offset, 0.0, 1.0);

    private static Tensor IsInfinite(OnnxNode node)
    {
        var (x, none) = (node[0], Tensor.Full(node[0].Shape, 0, ElementType.Bool));
        var above = node.Flag("detect_positive", true) ? Tensor.Equal(x, double.PositiveInfinity) : none;
        return above | (node.Flag("detect_negative", true) ? Tensor.Equal(x, double.NegativeInfinity) : none);
    }

    /// <summary>The result has the type of x. A constant whole exponent is a product, which has all derivatives everywhere.</summary>
    private static Tensor Power(Tensor x, Tensor y)
    {
        var type = x.ElementType;
        if (y is { Count: 1, IsEvaluated: true } && y.Item() is var exponent && exponent == Math.Round(exponent) && Math.Abs(exponent) <= 8 && y.Rank <= x.Rank)
        {
            if (type.IsFloating() || exponent >= 0) return Tensor.Power(x, (int)exponent).AsType(type);
        }
        var common = type.IsInteger() && y.ElementType.IsInteger() ? ElementType.Float64 : type.IsInteger() ? y.ElementType : type;
        return Tensor.Power(x.AsType(common), y.AsType(common)).AsType(type);
    }

    private static Tensor Shrink(Tensor x, double limit, double bias) =>
        Tensor.Where(Tensor.Less(x, -limit), x + bias, Tensor.Where(Tensor.Greater(x, limit), x - bias, 0.0));
}
