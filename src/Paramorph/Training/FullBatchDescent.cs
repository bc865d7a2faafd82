namespace Paramorph.Training;

/// <summary>
/// Plain gradient descent on half the mean squared error of all examples at once, for models side by side and as one program, with their tangent kernels before and after: what the
/// theory of wide networks speaks of.
/// Models have the axis of models before that of each leaf (<see cref="Population"/>). Outputs are multiplied by a factor, with which the scaling of the last layer may follow the width.
/// </summary>
/// <typeparam name="TModel">One model.</typeparam>
public sealed class FullBatchDescent<TModel>
    where TModel : ITree<TModel>
{
    private readonly Func<TModel, Tensor, Tensor> call;
    private readonly Func<TModel, Tensor, Tensor, Tensor, (Tensor Kernels, Tensor Answers)> look;
    private readonly Func<TModel, Tensor, Tensor, Tensor, Tensor, (TModel Models, Tensor Kernels, Tensor Answers)> train;

    /// <param name="call">From one model and points [n, ...] to its outputs [n].</param>
    public FullBatchDescent(Func<TModel, Tensor, Tensor> call)
    {
        this.call = call;
        look = Compile.Of<TModel, Tensor, Tensor, Tensor, Tensor, Tensor>(Kernels);
        train = Compile.Of<TModel, Tensor, Tensor, Tensor, Tensor, TModel, Tensor, Tensor>((models, known, targets, points, schedule) =>
        {
            var (scale, rate, steps) = (schedule[0], schedule[1], schedule[2]);
            var trained = Control.While(
                state => Tensor.Less(state.Item1, steps),
                state => new TreePair<Tensor, TModel>(state.Item1 + 1f, Vmap.Of(model => Step(model, known, targets, scale, rate), state.Item2)),
                new TreePair<Tensor, TModel>(Tensor.Zeros([]), models)).Item2;
            var (kernels, answers) = Kernels(trained, known, points, scale);
            return (trained, kernels, answers);
        });
    }

    /// <summary>Tangent kernels [models, n, n] at points [n, ...], and answers [models, m] to others [m, ...].</summary>
    /// <param name="models">The models.</param>
    /// <param name="known">Where kernels are taken.</param>
    /// <param name="points">Where models are asked.</param>
    /// <param name="scale">The factor of outputs.</param>
    public (Tensor Kernels, Tensor Answers) Look(TModel models, Tensor known, Tensor points, double scale = 1) => look(models, known, points, Tensor.Scalar((float)scale));

    /// <summary>The models after some steps, with their kernels and answers.</summary>
    /// <param name="models">The models.</param>
    /// <param name="known">The examples [n, ...].</param>
    /// <param name="targets">Their targets f32 [n].</param>
    /// <param name="points">Where models are asked.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="steps">How many steps; another number of them is the same program.</param>
    /// <param name="scale">The factor of outputs.</param>
    public (TModel Models, Tensor Kernels, Tensor Answers) Train(TModel models, Tensor known, Tensor targets, Tensor points, double rate, int steps, double scale = 1) =>
        train(models, known, targets, points, Tensor.From((float)scale, (float)rate, steps));

    private TModel Step(TModel model, Tensor known, Tensor targets, Tensor scale, Tensor rate) => Tree.Zip(
        model, Gradient.Of(model, m => 0.5f * Tensor.Square(scale * call(m, known) - targets).Mean()), (leaf, slope) => leaf - rate * slope);

    private (Tensor Kernels, Tensor Answers) Kernels(TModel models, Tensor known, Tensor points, Tensor scale) => (
        Vmap.Of(model => TangentKernel.Of(model, known, (model, x) => scale * call(model, x)), models), Vmap.Of(model => scale * call(model, points), models));
}
