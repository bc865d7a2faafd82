using Paramorph.Data;
using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Training;

namespace Paramorph.Tests.Training;

public sealed class KernelDescentTests
{
    private static readonly CircleWaves circle = CircleWaves.Scattered(Key.Of(1), 9, 2);

    [Fact]
    public void Steps_of_a_kernel_are_those_of_a_linear_model()
    {
        // Weights of fixed features, moved by hand.
        var features = Sample.Normal(Key.Of(2), [7, 12], ElementType.Float64).Evaluate();
        var (known, targets) = (features[..4], Sample.Normal(Key.Of(3), [4], ElementType.Float64).Evaluate());
        var first = Sample.Normal(Key.Of(4), [12], ElementType.Float64).Evaluate();
        var weights = first;
        for (var i = 0; i < 30; i++) weights = (weights - 0.1 / 4 * known.T.Dot(known.Dot(weights) - targets)).Evaluate();
        var descent = new KernelDescent(Tensor.MatMul(features, known.T).Evaluate());
        var learned = descent.Learned((targets - known.Dot(first)).ExpandDims(0), 0.1, 30);
        Assert.Equal([1, 7], learned.Shape);
        Numbers.Close(features.Dot(weights - first).ToDoubles(), learned.ToDoubles(), 1e-9);
    }

    [Fact]
    public void A_kernel_with_too_few_rows_is_refused() => Assert.Throws<ShapeException>(() => new KernelDescent(Tensor.Zeros([2, 3], ElementType.Float64)));

    [Fact]
    public void Networks_without_hidden_layers_follow_their_kernel_exactly()
    {
        var (known, targets) = (circle.Points[..6].Evaluate(), circle.Targets[..6].Evaluate());
        var models = Compile.Of((Key keys) => Vmap.Of(key => TangentLinear.Relu(key, [2, 1]), keys))(Key.Of(5).SplitBatch(3));
        var descent = new FullBatchDescent<Sequential>((model, x) => model.Call(x).Squeeze(1));
        var (kernels, first) = descent.Look(models, known, circle.Points, scale: 2);
        var (_, after, last) = descent.Train(models, known, targets, circle.Points, 0.05, 40, scale: 2);
        Numbers.Close(kernels.ToDoubles(), after.ToDoubles(), 1e-6);
        // 4 (x·x' / 2 + 0.01), with the factors of weights and biases.
        var points = circle.Points.AsType(ElementType.Float64);
        var kernel = 4.0 * (Tensor.MatMul(points, points[..6].T) / 2.0 + 0.01);
        Numbers.Close(kernel[..6].ToDoubles(), kernels[1].ToDoubles(), 1e-5);
        // Six points and three weights: rounding of zero eigenvalues must not be divided by.
        var errors = targets.AsType(ElementType.Float64) - first.AsType(ElementType.Float64)[.., ..6];
        var learned = new KernelDescent(kernel + 1e-9 * Tensor.Eye(9, ElementType.Float64)[.., ..6]).Learned(errors, 0.05, 40);
        Numbers.Close((first.AsType(ElementType.Float64) + learned).ToDoubles(), last.ToDoubles(), 1e-4);
    }

    [Fact]
    public void Training_side_by_side_is_plain_gradient_descent_of_each()
    {
        var (known, targets) = (circle.Points[..6].Evaluate(), circle.Targets[..6].Evaluate());
        var models = Compile.Of((Key keys) => Vmap.Of(key => TangentLinear.Relu(key, [2, 8, 1]), keys))(Key.Of(6).SplitBatch(2));
        var (trained, _, answers) = new FullBatchDescent<Sequential>((model, x) => model.Call(x).Squeeze(1)).Train(models, known, targets, circle.Points, 0.05, 20);
        var trainer = new Trainer<Sequential, TreePair<Tensor, Tensor>>(new Sgd(0.05), (model, batch, _) => 0.5 * Tensor.Square(model.Call(batch.Item1).Squeeze(1) - batch.Item2).Mean());
        var alone = trainer.Run(trainer.Start(Population.Member(models, 1), Key.Of(7)), Batches.Whole(new TreePair<Tensor, Tensor>(known, targets)), new TrainingOptions(20)).State.Model;
        Numbers.Close(alone.Call(circle.Points).ToDoubles(), answers[1].ToDoubles(), 1e-5);
        Numbers.Close([.. Tree.Leaves(alone).SelectMany(leaf => leaf.ToDoubles())], [.. Tree.Leaves(Population.Member(trained, 1)).SelectMany(leaf => leaf.ToDoubles())], 1e-5);
    }

    [Fact]
    public void Restarts_end_where_each_training_ends()
    {
        var (x, y) = (circle.Points, circle.Targets);
        Tensor Error(Mlp model) => Tensor.Square(model.Call(x).Squeeze(1) - y).Mean();
        static Mlp Create(Key key) => Mlp.Create(key, [2, 5, 1], Tensor.Tanh);
        var keys = Key.Of(8).SplitBatch(3);
        var errors = RandomRestarts.Run(keys, Create, new Adam(1e-2), 25, Error, Error).ToDoubles();
        var trainer = new Trainer<Mlp, Tensor>(new Adam(1e-2), (model, _, _) => Error(model));
        for (var i = 0; i < 3; i++)
        {
            var start = Compile.Of((Key keys) => Vmap.Of(Create, keys))(keys);
            var alone = trainer.Run(trainer.Start(Population.Member(start, i), Key.Of(9)), Batches.Whole(x), new TrainingOptions(25)).State.Model;
            Assert.Equal(Error(alone).Item(), errors[i], 1e-5);
        }
    }
}
