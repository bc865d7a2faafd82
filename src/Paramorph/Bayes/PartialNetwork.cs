using Paramorph.Parameters;

namespace Paramorph.Bayes;

/// <summary>
/// A partially Bayesian network: some leaves of a model are random, with a normal prior around 0, and the others are numbers that are learned. The random ones are seen as one vector φ, of which there are many at once; what
/// stands in their places in the model is not looked at. (Sharma et al., "Do Bayesian neural networks need to be fully stochastic?", 2023.)
/// </summary>
/// <param name="Random">Which leaves are random; they have one type.</param>
/// <param name="LogLikelihood">The logarithms of the densities of the examples of a batch, from a model and the batch: [examples].</param>
/// <param name="Deviation">The standard deviation of the prior.</param>
/// <typeparam name="TModel">The model.</typeparam>
/// <typeparam name="TBatch">Some examples: a tree whose tensors are [examples, ...].</typeparam>
public sealed record PartialNetwork<TModel, TBatch>(LeafFilter Random, Func<TModel, TBatch, Tensor> LogLikelihood, double Deviation = 1)
    where TModel : ITree<TModel>
    where TBatch : ITree<TBatch>
{
    /// <summary>The random leaves of a model as one vector [dimensions].</summary>
    /// <exception cref="TreeException">No leaf is random.</exception>
    public Tensor Values(TModel model)
    {
        var leaves = Tree.Names(model).Zip(Tree.Leaves(model)).Where(leaf => Random(leaf.First, leaf.Second)).Select(leaf => leaf.Second.Flatten()).ToArray();
        return leaves.Length > 0 ? Tensor.Concatenate(leaves) : throw new TreeException("partial network: no leaf of the model is random.");
    }

    /// <summary>The model with other random leaves.</summary>
    /// <param name="model">The model.</param>
    /// <param name="values">[dimensions].</param>
    public TModel With(TModel model, Tensor values)
    {
        var next = 0;
        return Tree.Map(model, (path, leaf) =>
        {
            if (!Random(path, leaf)) return leaf;
            var start = next;
            next += leaf.Count;
            return values.SliceAxis(0, start, next).ReshapeTo(leaf.Shape);
        });
    }

    /// <summary>A function of the model for each of many φ; what does not depend on φ is computed once.</summary>
    /// <param name="model">The model.</param>
    /// <param name="particles">[particles, dimensions].</param>
    /// <param name="function">From a model to a tree of tensors.</param>
    /// <returns>Tensors with a leading axis of the particles.</returns>
    public T Over<T>(TModel model, Tensor particles, Func<TModel, T> function)
        where T : ITree<T> => Vmap.Of((Tensor values) => function(With(model, values)), particles);

    /// <summary>Draws of the prior: [particles, dimensions].</summary>
    /// <param name="key">The key.</param>
    /// <param name="model">The model, of which the types alone matter.</param>
    /// <param name="particles">How many.</param>
    public Tensor Prior(Key key, TModel model, int particles)
    {
        var like = Values(model);
        return Deviation * Sample.Normal(key, [particles, like.Count], like.ElementType);
    }

    /// <summary>The logarithm of the prior's density: [..., dimensions] gives [...].</summary>
    public Tensor LogPrior(Tensor values) => -0.5 * Tensor.Square(values / Deviation).Sum(-1) - values.Shape[^1] * (Math.Log(Deviation) + 0.5 * Math.Log(2 * Math.PI));

    /// <summary>The logarithms of the densities of the examples of a batch under many φ: [particles, examples].</summary>
    public Tensor LogLikelihoods(TModel model, Tensor particles, TBatch batch) => Over(model, particles, own => LogLikelihood(own, batch));

    /// <summary>The logarithm of the joint density of φ, as it stands in the model, and all examples, by some of them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="batch">Some examples.</param>
    /// <param name="scale">All examples divided by those of the batch.</param>
    public Tensor LogJoint(TModel model, TBatch batch, Tensor scale) => LogPrior(Values(model)) + scale * LogLikelihood(model, batch).Sum();

    /// <summary>The evidence's lower bound under a normal approximation of φ, by draws of it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="approximation">The approximation.</param>
    /// <param name="batch">Some examples.</param>
    /// <param name="scale">All examples divided by those of the batch.</param>
    /// <param name="key">The key of the draws.</param>
    /// <param name="draws">How many.</param>
    public Tensor EvidenceBound(TModel model, MeanField approximation, TBatch batch, Tensor scale, Key key, int draws) =>
        scale * LogLikelihoods(model, approximation.Draw(key, draws), batch).Sum(-1).Mean() - approximation.Divergence(Deviation);

    /// <summary>
    /// The gradient of the logarithm of the marginal likelihood in all that is not random, by particles of the posterior: the mean over them of the gradient of the likelihood (Fisher's identity). That of random leaves is 0.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="sample">Particles of the posterior of φ under the model.</param>
    /// <param name="batch">Some examples.</param>
    /// <param name="scale">All examples divided by those of the batch.</param>
    public TModel MarginalGradient(TModel model, ParticleState sample, TBatch batch, Tensor scale) =>
        Gradient.Of(model, own => scale * sample.Mean(LogLikelihoods(own, sample.Particles, batch).Sum(-1)));
}
