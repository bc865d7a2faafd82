namespace Paramorph.Layers;

/// <summary>
/// Elementwise functions between layers, as values. They are static fields of the layers that hold them, and two models with the same one are of one structure, so
/// that a function compiled for one serves the other. That holds for every static method and for lambdas that capture nothing; keep a function that captures
/// (a slope, a frequency) in a field, since each new closure is another function.
/// </summary>
public static class Activation
{
    /// <summary>x as it is.</summary>
    public static Func<Tensor, Tensor> Identity { get; } = static x => x;

    /// <inheritdoc cref="Tensor.Relu"/>
    public static Func<Tensor, Tensor> Relu { get; } = Tensor.Relu;

    /// <inheritdoc cref="Tensor.Relu6"/>
    public static Func<Tensor, Tensor> Relu6 { get; } = Tensor.Relu6;

    /// <summary>x where it is positive, 0.01 x elsewhere.</summary>
    public static Func<Tensor, Tensor> LeakyRelu { get; } = static x => Tensor.LeakyRelu(x);

    /// <summary>x where it is positive, e^x - 1 elsewhere (Clevert et al., 2015).</summary>
    public static Func<Tensor, Tensor> Elu { get; } = static x => Tensor.Elu(x);

    /// <inheritdoc cref="Tensor.Selu"/>
    public static Func<Tensor, Tensor> Selu { get; } = Tensor.Selu;

    /// <inheritdoc cref="Tensor.Gelu"/>
    public static Func<Tensor, Tensor> Gelu { get; } = Tensor.Gelu;

    /// <inheritdoc cref="Tensor.GeluTanh"/>
    public static Func<Tensor, Tensor> GeluTanh { get; } = Tensor.GeluTanh;

    /// <inheritdoc cref="Tensor.Silu"/>
    public static Func<Tensor, Tensor> Silu { get; } = Tensor.Silu;

    /// <inheritdoc cref="Tensor.Mish"/>
    public static Func<Tensor, Tensor> Mish { get; } = Tensor.Mish;

    /// <inheritdoc cref="Tensor.Softplus"/>
    public static Func<Tensor, Tensor> Softplus { get; } = Tensor.Softplus;

    /// <inheritdoc cref="Tensor.Softsign"/>
    public static Func<Tensor, Tensor> Softsign { get; } = Tensor.Softsign;

    /// <summary>The logistic function 1 / (1 + e^-x).</summary>
    public static Func<Tensor, Tensor> Sigmoid { get; } = Tensor.Sigmoid;

    /// <summary>The hyperbolic tangent.</summary>
    public static Func<Tensor, Tensor> Tanh { get; } = Tensor.Tanh;

    /// <summary>The sine.</summary>
    public static Func<Tensor, Tensor> Sine { get; } = Tensor.Sin;

    /// <inheritdoc cref="Tensor.HardSwish"/>
    public static Func<Tensor, Tensor> HardSwish { get; } = Tensor.HardSwish;
}
