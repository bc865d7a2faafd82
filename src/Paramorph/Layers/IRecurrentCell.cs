namespace Paramorph.Layers;

/// <summary>
/// One step of a recurrent network. What a step computes of its input alone is a function of its own, so that <see cref="Recurrent"/> does it for all steps
/// in one product.
/// </summary>
/// <typeparam name="TState">What is handed from step to step.</typeparam>
public interface IRecurrentCell<TState>
    where TState : ITree<TState>
{
    /// <summary>The state before the first step: zeros.</summary>
    /// <param name="batch">The leading axes.</param>
    TState Start(Shape batch);

    /// <summary>What the gates are given by the input: [..., inputs] gives [..., gates].</summary>
    Tensor Project(Tensor x);

    /// <summary>The next state.</summary>
    /// <param name="state">The state so far.</param>
    /// <param name="projected">What <see cref="Project"/> made of the input of the step.</param>
    TState Next(TState state, Tensor projected);

    /// <summary>What a state shows: [..., hidden].</summary>
    Tensor Output(TState state);
}
