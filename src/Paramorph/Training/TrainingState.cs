using Paramorph.Optimisers;

namespace Paramorph.Training;

/// <summary>All that a training run goes on from: saved and loaded, it continues bit for bit.</summary>
/// <param name="Model">The model.</param>
/// <param name="Optimiser">What the optimiser remembers.</param>
/// <param name="Key">The source of randomness, which stays as it is: each step folds its number into it.</param>
/// <param name="Step">How many steps have been taken: i64, a scalar.</param>
[Tree]
public sealed partial record TrainingState<TModel>(TModel Model, OptimiserState<TModel> Optimiser, Key Key, Tensor Step)
    where TModel : ITree<TModel>;
