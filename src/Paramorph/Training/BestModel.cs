namespace Paramorph.Training;

/// <summary>The model with the best measure of a run with <see cref="EarlyStopping"/>.</summary>
/// <param name="Model">The model.</param>
/// <param name="Step">How many steps had been taken.</param>
/// <param name="Value">Its measure.</param>
public sealed record BestModel<TModel>(TModel Model, long Step, double Value)
    where TModel : ITree<TModel>;
