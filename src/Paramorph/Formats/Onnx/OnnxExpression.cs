namespace Paramorph.Formats;

/// <summary>
/// A real, integer or bool value of a graph that is being written, with the operators of arithmetic: the form in which functions that ONNX lacks are composed of
/// those that it has. Operands broadcast.
/// </summary>
/// <param name="Graph">The graph.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Type">What its elements are.</param>
internal readonly record struct OnnxExpression(OnnxBuilder Graph, string Name, ElementType Type)
{
    public static OnnxExpression operator +(OnnxExpression x, OnnxExpression y) => x.With("Add", y);

    public static OnnxExpression operator +(OnnxExpression x, double y) => x + x.Constant(y);

    public static OnnxExpression operator -(OnnxExpression x, OnnxExpression y) => x.With("Sub", y);

    public static OnnxExpression operator -(OnnxExpression x, double y) => x - x.Constant(y);

    public static OnnxExpression operator -(double x, OnnxExpression y) => y.Constant(x) - y;

    public static OnnxExpression operator -(OnnxExpression x) => x.Of("Neg");

    public static OnnxExpression operator *(OnnxExpression x, OnnxExpression y) => x.With("Mul", y);

    public static OnnxExpression operator *(OnnxExpression x, double y) => x * x.Constant(y);

    public static OnnxExpression operator /(OnnxExpression x, OnnxExpression y) => x.With("Div", y);

    public static OnnxExpression operator /(double x, OnnxExpression y) => y.Constant(x) / y;

    public static OnnxExpression operator <(OnnxExpression x, OnnxExpression y) => x.With("Less", y, ElementType.Bool);

    public static OnnxExpression operator <(OnnxExpression x, double y) => x < x.Constant(y);

    public static OnnxExpression operator >(OnnxExpression x, OnnxExpression y) => x.With("Greater", y, ElementType.Bool);

    public static OnnxExpression operator >(OnnxExpression x, double y) => x > x.Constant(y);

    public static OnnxExpression operator <=(OnnxExpression x, OnnxExpression y) => x.With("LessOrEqual", y, ElementType.Bool);

    public static OnnxExpression operator >=(OnnxExpression x, OnnxExpression y) => x.With("GreaterOrEqual", y, ElementType.Bool);

    public static OnnxExpression operator &(OnnxExpression x, OnnxExpression y) => x.With("And", y);

    public static OnnxExpression operator |(OnnxExpression x, OnnxExpression y) => x.With("Or", y);

    public static OnnxExpression operator ^(OnnxExpression x, OnnxExpression y) => x.With("Xor", y);

    public static OnnxExpression operator !(OnnxExpression x) => x.Of("Not");

    public OnnxExpression EqualTo(OnnxExpression y) => With("Equal", y, ElementType.Bool);

    public OnnxExpression EqualTo(double y) => EqualTo(Constant(y));

    public OnnxExpression Maximum(OnnxExpression y) => With("Max", y);

    public OnnxExpression Minimum(OnnxExpression y) => With("Min", y);

    public OnnxExpression Abs() => Of("Abs");

    public OnnxExpression Exp() => Of("Exp");

    public OnnxExpression Log() => Of("Log");

    public OnnxExpression Sqrt() => Of("Sqrt");

    public OnnxExpression Floor() => Of("Floor");

    public OnnxExpression Sign() => Of("Sign");

    public OnnxExpression Sin() => Of("Sin");

    public OnnxExpression Cos() => Of("Cos");

    public OnnxExpression Square() => this * this;

    /// <summary>The same elements as another type, as C# converts them.</summary>
    public OnnxExpression As(ElementType type) =>
        type == Type ? this : new(Graph, Graph.Node("Cast", [Name], OnnxBuilder.Attribute("to", OnnxTensors.Number(type))), type);

    /// <summary>Where this holds x, elsewhere y.</summary>
    public OnnxExpression Choose(OnnxExpression x, OnnxExpression y) => new(Graph, Graph.Node("Where", [Name, x.Name, y.Name]), x.Type);

    public OnnxExpression Choose(double x, OnnxExpression y) => Choose(y.Constant(x), y);

    public OnnxExpression Choose(OnnxExpression x, double y) => Choose(x, x.Constant(y));

    /// <summary>A scalar of the same type.</summary>
    public OnnxExpression Constant(double value) => new(Graph, Graph.Constant(Tensor.Full(Shape.Scalar, value, Type), "scalar"), Type);

    /// <summary>A polynomial in this, by Horner's rule; the coefficient of the highest power comes first.</summary>
    public OnnxExpression Polynomial(params ReadOnlySpan<double> coefficients)
    {
        var sum = Constant(coefficients[0]);
        foreach (var coefficient in coefficients[1..]) sum = sum * this + coefficient;
        return sum;
    }

    /// <summary>An operator of one operand whose result has the same type.</summary>
    public OnnxExpression Of(string operation) => new(Graph, Graph.Node(operation, [Name]), Type);

    /// <summary>An operator of two operands whose result has the type of this, or another.</summary>
    public OnnxExpression With(string operation, OnnxExpression y, ElementType? result = null) => new(Graph, Graph.Node(operation, [Name, y.Name]), result ?? Type);
}
