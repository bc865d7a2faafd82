using Paramorph.Primitives;

namespace Paramorph;

/// <summary>C# functions that the language cannot look into, as parts of a computation.</summary>
public static class Foreign
{
    /// <summary>
    /// The results of an opaque function of values: a simulator, a table, a debugger's probe. It runs each time the computation runs. It has no
    /// derivative (give it one with <see cref="CustomDerivative"/>); in a batch it runs example by example.
    /// </summary>
    /// <param name="name">What messages call it.</param>
    /// <param name="function">From values to values; it must return the declared types.</param>
    /// <param name="results">Types of the results.</param>
    /// <param name="inputs">The operands.</param>
    public static Tensor[] Call(string name, Func<Tensor[], Tensor[]> function, IReadOnlyList<TensorType> results, params Tensor[] inputs) =>
        Tensor.Bind(new ForeignCall(name, function, [.. results]), inputs);
}
