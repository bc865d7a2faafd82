using Paramorph.Layers;
using Paramorph.Optimisers;

namespace Paramorph.Methods;

/// <summary>A stage of training with a rise and fall of the learning rate of its own: what is done to the network before it, and what differs from the usual training.</summary>
/// <param name="Share">The part of all steps that it takes.</param>
public sealed record TrainingStage(double Share)
{
    /// <summary>What is made of the network before it: what prunes, what freezes. Nothing by itself.</summary>
    public Func<ILayer, ILayer> Before { get; init; } = network => network;

    /// <summary>What is added to the loss, one number; nothing when null.</summary>
    public Func<ILayer, Tensor>? Penalty { get; init; }

    /// <summary>What is made of the optimiser.</summary>
    public Func<IOptimiser, IOptimiser> Optimiser { get; init; } = usual => usual;

    /// <summary>Its steps of so many.</summary>
    internal int Part(int steps) => Math.Max(2, (int)Math.Round(Share * steps));
}
