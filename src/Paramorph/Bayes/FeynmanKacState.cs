using Paramorph.Optimisers;

namespace Paramorph.Bayes;

/// <summary>What <see cref="FeynmanKacTraining{TModel, TBatch}"/> goes on from.</summary>
/// <param name="Model">The model, of which the leaves that are not random have been learned.</param>
/// <param name="Optimiser">What the optimiser remembers.</param>
/// <param name="Sample">Particles of the random leaves.</param>
[Tree]
public sealed partial record FeynmanKacState<TModel>(TModel Model, OptimiserState<TModel> Optimiser, ParticleState Sample)
    where TModel : ITree<TModel>;
