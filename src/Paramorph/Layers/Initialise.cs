namespace Paramorph.Layers;

/// <summary>Makes models with values of all their parameters.</summary>
public static class Initialise
{
    /// <summary>
    /// The model that a function makes of a key, with values in its leaves: the whole of it is drawn by one compiled function, however many layers it is
    /// made of. Within a function that is traced (a batch of models over a batch of keys, say) it is a part of that.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="create">From the key to the model, whose leaves may be expressions.</param>
    /// <example><code>Initialise.Of(key, k => new TreePair&lt;Mlp, Mlp&gt;(Mlp.Create(k.Fold(0), [2, 8, 1]), Mlp.Create(k.Fold(1), [2, 8, 1])))</code></example>
    public static T Of<T>(Key key, Func<Key, T> create)
        where T : ITree<T> => Compile.Of(create)(key);

    /// <summary>
    /// A model of the structure that a function makes of a key, with zeros in its leaves: nothing is drawn. It serves to count, and to read saved values into.
    /// </summary>
    /// <param name="create">From the key to the model.</param>
    public static T Structure<T>(Func<Key, T> create)
        where T : ITree<T>
    {
        T? model = default;
        try
        {
            Computation.Trace("structure", x => Tree.Leaves(model = create(new(x[0]))), [new(ElementType.Int32, [2])]);
        }
        catch (TraceException)
        {
            // What places things one by one asks a key for its bits.
            model = create(Key.Of(0));
        }
        return Tree.Map(model!, leaf => Tensor.Zeros(leaf.Shape, leaf.ElementType));
    }
}
