namespace Paramorph.Data;

/// <summary>
/// A random network of two layers that students learn from: y = phi(x W / sqrt(inputs)) V / sqrt(hidden), with normal weights of variance 1.
/// </summary>
/// <param name="Hidden">W [inputs, hidden].</param>
/// <param name="Output">V [hidden, outputs].</param>
/// <param name="Activation">phi, elementwise.</param>
[Tree]
public sealed partial record TeacherNetwork(Tensor Hidden, Tensor Output, [Static] Func<Tensor, Tensor> Activation)
{
    /// <summary>A random teacher in f32.</summary>
    /// <param name="key">The key.</param>
    /// <param name="inputs">Size of an input.</param>
    /// <param name="hidden">Hidden units.</param>
    /// <param name="outputs">Size of an output.</param>
    /// <param name="activation">phi; tanh when null.</param>
    public static TeacherNetwork Of(Key key, int inputs, int hidden, int outputs = 1, Func<Tensor, Tensor>? activation = null)
    {
        var (first, second) = key.Split();
        return new(
            Compile.Of((Key k) => Sample.Normal(k, [inputs, hidden]))(first),
            Compile.Of((Key k) => Sample.Normal(k, [hidden, outputs]))(second),
            activation ?? (x => Tensor.Tanh(x)));
    }

    /// <summary>What the teacher says.</summary>
    /// <param name="x">[batch..., inputs].</param>
    /// <returns>[batch..., outputs].</returns>
    public Tensor Call(Tensor x) =>
        Activation(x.Dot(Hidden) / Math.Sqrt(Hidden.Shape[0])).Dot(Output) / Math.Sqrt(Output.Shape[0]);

    /// <summary>Normal inputs and what the teacher says of them, with normal noise.</summary>
    /// <param name="key">The key.</param>
    /// <param name="count">n.</param>
    /// <param name="noise">The standard deviation of the noise.</param>
    public RegressionData Examples(Key key, int count, double noise = 0)
    {
        var (inputs, outputs) = (Hidden.Shape[0], Output.Shape[1]);
        return Compile.Of((Key k) =>
        {
            var (first, second) = k.Split();
            var x = Sample.Normal(first, [count, inputs]);
            return new RegressionData(x, Call(x) + noise * Sample.Normal(second, [count, outputs]));
        })(key);
    }
}
