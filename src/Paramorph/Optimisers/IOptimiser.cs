namespace Paramorph.Optimisers;

/// <summary>
/// From a gradient to the next model. An optimiser is a value that holds settings only; what it remembers is in its state, so that a step is a function
/// and compiles. Leaves that have no derivative (integers, booleans) pass unchanged.
/// </summary>
public interface IOptimiser
{
    /// <summary>The state before the first step.</summary>
    /// <param name="model">The model that will be trained; of its leaves only the types matter, unless the optimiser averages them.</param>
    OptimiserState<TModel> Start<TModel>(TModel model)
        where TModel : ITree<TModel>;

    /// <summary>The model and the state after a step.</summary>
    /// <param name="model">The model at which the gradient was taken.</param>
    /// <param name="gradient">The gradient of the loss, of the model's structure; of complex leaves the direction of steepest ascent, as <see cref="Gradient"/> gives it.</param>
    /// <param name="state">The state after the last step, from this optimiser.</param>
    /// <exception cref="TreeException">The gradient or the state is of another structure than the model.</exception>
    (TModel Model, OptimiserState<TModel> State) Update<TModel>(TModel model, TModel gradient, OptimiserState<TModel> state)
        where TModel : ITree<TModel>;
}
