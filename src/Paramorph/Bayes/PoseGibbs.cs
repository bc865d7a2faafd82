namespace Paramorph.Bayes;

/// <summary>
/// Gibbs sampling of parameters together with a pose that is known up to a blur. A pose says how an observation was moved by a group, such as when a signal began; once it is taken away, what is left
/// is easier to learn. As the pose is not known, a blurred one stands for it: parameters are drawn given the observation moved back by that, the blurred pose is drawn anew around the pose among them,
/// and so on. What the chains end in is the posterior, whatever the blur; a narrow blur makes learning easier and chains slower. (Dax, Green, Gair, Deistler, Schölkopf and Macke, "Group equivariant
/// neural posterior estimation", 2022.)
/// </summary>
/// <param name="Blur">Draws a blurred pose around each: [chains, ...] gives the same shape.</param>
/// <param name="Draw">Draws parameters given blurred poses, and the observation moved back by them: [chains, ...] gives [chains, parameters].</param>
/// <param name="Pose">The poses among parameters.</param>
public sealed record PoseGibbs(Func<Key, Tensor, Tensor> Blur, Func<Key, Tensor, Tensor> Draw, Func<Tensor, Tensor> Pose)
{
    /// <summary>Runs chains side by side.</summary>
    /// <param name="key">The key.</param>
    /// <param name="poses">Where they start: [chains, ...].</param>
    /// <param name="steps">How many times parameters are drawn.</param>
    /// <returns>The parameters after each step: [steps, chains, parameters].</returns>
    public Tensor Run(Key key, Tensor poses, int steps) => Control.Scan<Tensor, Tensor, Tensor>(
        (poses, step) =>
        {
            var parameters = Draw(key.Fold(step).Fold(1), Blur(key.Fold(step).Fold(0), poses));
            return (Pose(parameters), parameters);
        },
        poses,
        Tensor.Arange(steps)).Results;
}
