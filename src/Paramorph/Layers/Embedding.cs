namespace Paramorph.Layers;

/// <summary>A learned vector for each of a number of tokens.</summary>
/// <param name="Table">[tokens, features].</param>
[Tree]
public sealed partial record Embedding(Tensor Table) : ILayer
{
    /// <summary>Vectors of normal numbers.</summary>
    /// <param name="key">The key.</param>
    /// <param name="tokens">Number of tokens.</param>
    /// <param name="features">Size of a vector.</param>
    /// <param name="table">How the vectors are drawn; normal numbers of variance 1 when null.</param>
    /// <param name="type">f32 or f64.</param>
    public static Embedding Create(Key key, int tokens, int features, Initialiser? table = null, ElementType type = ElementType.Float32) =>
        Initialise.Of(key, key => new Embedding((table ?? Initialiser.Normal(1)).Draw(key, [tokens, features], new(tokens, features), type)));

    /// <summary>The vectors of tokens: integers [...] give [..., features].</summary>
    /// <exception cref="ElementTypeException">The tokens are no integers.</exception>
    /// <exception cref="EvaluationException">When it runs: there is no such token.</exception>
    public Tensor Call(Tensor x) => Table.Take(x);

    /// <summary>How well vectors agree with each token, for an output that shares the table: [..., features] gives [..., tokens].</summary>
    public Tensor Scores(Tensor x) => x.Dot(Table.T);
}
