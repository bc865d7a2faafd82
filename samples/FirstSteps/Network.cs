using Paramorph;

namespace FirstSteps;

/// <summary>x W + b.</summary>
/// <param name="Weight">[inputs, outputs].</param>
/// <param name="Bias">[outputs].</param>
[Tree]
internal sealed partial record Linear(Tensor Weight, Tensor Bias)
{
    public Tensor Call(Tensor x) => x.Dot(Weight) + Bias;
}

/// <summary>One hidden layer of tanh.</summary>
[Tree]
internal sealed partial record Network(Linear Hidden, Linear Output)
{
    public Tensor Call(Tensor x) => Output.Call(Tensor.Tanh(Hidden.Call(x)));
}
