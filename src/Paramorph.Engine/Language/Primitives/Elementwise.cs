using System.Numerics;
using Paramorph.Reference;

namespace Paramorph.Primitives;

/// <summary>The kinds of elements that an elementwise primitive takes.</summary>
[Flags]
internal enum Kinds
{
    Bool = 1,
    Integer = 2,
    Real = 4,
    Complex = 8,
    Number = Integer | Real | Complex,
    Ordered = Bool | Integer | Real,
    Any = Bool | Number,
}

/// <summary>
/// A function applied to each element. All inputs have one shape and one element type. Its derivative with respect to an input is stated as an
/// expression of the inputs, the result and the tangent; the same expression serves the forward and the reverse mode, since a diagonal map is its
/// own transpose. The functions themselves are the table in <c>Elementwise.Table.cs</c>.
/// </summary>
public sealed partial record Elementwise : Primitive
{
    private const double SmallestNormal32 = 1.1754943508222875e-38;
    private const double SmallestNormal64 = 2.2250738585072014e-308;

    private readonly Kinds kinds;
    private readonly bool isPredicate;
    private readonly Derivative?[] derivatives;

    private Elementwise(string name, Kinds kinds, bool isPredicate, params Derivative?[] derivatives)
    {
        Name = name;
        this.kinds = kinds;
        this.isPredicate = isPredicate;
        this.derivatives = derivatives;
    }

    /// <summary>The tangent of the result for the tangent <paramref name="g"/> of one input, given the inputs and the result.</summary>
    private delegate Tensor Derivative(ReadOnlySpan<Tensor> x, Tensor y, Tensor g);

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override Linearity Linearity => this == Multiply ? Linearity.Multi : this == Add || this == Subtract || this == Negate ? Linearity.Joint : Linearity.None;

    /// <summary>Number of inputs.</summary>
    public int Arity => derivatives.Length;

    private Func<double, double, double>? Real { get; init; }

    private Func<Complex, Complex, Complex>? OfComplex { get; init; }

    /// <summary>On integers and booleans; the third argument is the width in bits.</summary>
    private Func<long, long, int, long>? Integer { get; init; }

    private Func<double, double, bool>? RealPredicate { get; init; }

    private Func<long, long, bool>? IntegerPredicate { get; init; }

    private Func<Complex, Complex, bool>? ComplexPredicate { get; init; }

    /// <summary>Whether results below the smallest normal number are 0, since arithmetic with subnormal numbers is many times slower on some processors.</summary>
    private bool IsNormal { get; init; }

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        var (type, shape) = inputs[0];
        if (inputs.Length == 2 && inputs[1] != inputs[0])
            throw new ShapeException($"{Name}: {inputs[0]} and {inputs[1]} must have one type and one shape here.");
        var kind = type switch
        {
            ElementType.Bool => Kinds.Bool,
            _ when type.IsInteger() => Kinds.Integer,
            _ when type.IsFloating() => Kinds.Real,
            _ => Kinds.Complex,
        };
        if ((kinds & kind) == 0)
            throw new ElementTypeException($"{Name}: is not defined on {inputs[0]}: it takes {Names(kinds)} elements; cast with AsType.");
        return [new(isPredicate ? ElementType.Bool : type, shape)];
    }

    /// <inheritdoc/>
    public override Tensor?[] Jvp(Operation operation, Tensor?[] tangents)
    {
        Tensor? sum = null;
        for (var i = 0; i < Arity; i++)
            if (tangents[i] is { } tangent && Differentiate(operation, i, tangent) is { } term)
                sum = Tensor.Sum(sum, term);
        return [sum];
    }

    /// <inheritdoc/>
    public override Tensor?[] Vjp(Operation operation, Tensor?[] cotangents, bool[] needed)
    {
        var result = new Tensor?[Arity];
        if (cotangents[0] is not { } cotangent) return result;
        for (var i = 0; i < Arity; i++)
            if (needed[i]) result[i] = Differentiate(operation, i, cotangent);
        return result;
    }

    private static string Names(Kinds kinds)
    {
        string[] names = [.. new[] { Kinds.Bool, Kinds.Integer, Kinds.Real, Kinds.Complex }.Where(k => kinds.HasFlag(k)).Select(k => k.ToString().ToLowerInvariant())];
        return names.Length == 1 ? names[0] : $"{string.Join(", ", names[..^1])} or {names[^1]}";
    }

    private Tensor? Differentiate(Operation operation, int input, Tensor g) =>
        isPredicate || derivatives[input] is not { } derivative ? null : derivative(operation.Inputs, operation.Output, g);

    /// <inheritdoc/>
    public override Tensor[] Batch(Operation operation, Tensor[] inputs, bool[] batched, int size) =>
        Tensor.Bind(this, BatchAll(inputs, batched, size));

    internal override ReferenceArray[] Evaluate(ReferenceEvaluator evaluator, Operation operation, ReferenceArray[] inputs)
    {
        var result = new ReferenceArray(operation.Output.Type);
        var (a, b) = (inputs[0], inputs[^1]);
        var bits = 8 * a.ElementType.Size();
        for (var i = 0; i < result.Count; i++)
        {
            if (a.IsReal)
            {
                if (isPredicate) result.Integers[i] = RealPredicate!(a.Reals[i], b.Reals[i]) ? 1 : 0;
                else result.Reals[i] = Flushed(Real!(a.Reals[i], b.Reals[i]), a.ElementType);
            }
            else if (a.IsComplex)
            {
                if (isPredicate) result.Integers[i] = ComplexPredicate!(a.Complexes[i], b.Complexes[i]) ? 1 : 0;
                else result.Complexes[i] = OfComplex!(a.Complexes[i], b.Complexes[i]);
            }
            else
            {
                result.Integers[i] = isPredicate
                    ? IntegerPredicate!(a.Integers[i], b.Integers[i]) ? 1 : 0
                    : Integer!(a.Integers[i], b.Integers[i], bits);
            }
        }
        return [result];
    }

    /// <summary>A result, or 0 where it is below the smallest normal number of its type and this function gives none such.</summary>
    private double Flushed(double y, ElementType type) =>
        IsNormal && Math.Abs(y) < (type == ElementType.Float32 ? SmallestNormal32 : SmallestNormal64) ? 0 : y;

    /// <summary>Elementwise primitives are the entries of one table: equal when they are the same entry.</summary>
    public bool Equals(Elementwise? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}
