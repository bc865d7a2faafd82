using Paramorph.Bayes;

namespace Paramorph.Tests.Bayes;

public sealed class RandomFeatureTaskTests
{
    private const int Draws = 200;

    [Fact]
    public void Products_of_features_of_powers_are_the_kernel_in_the_mean()
    {
        var task = RandomFeatureTask.Powers(50, 1.5, 1.25, 0, 10);
        Assert.Equal(1, task.Eigenvalues.Sum(), 1e-12);
        Assert.Equal(Math.Pow(2, -1.25), task.Squares[1] / task.Squares[0], 1e-12);
        // The mean square of a feature is the trace, and that of a target the sum of squares.
        Assert.Equal(1, Mean(task, 40, drawn => Tensor.Square(drawn.Features).Mean()), 0.1);
        Assert.Equal(1, Mean(task, 40, drawn => Tensor.Square(drawn.Targets).Mean()), 0.1);
    }

    [Fact]
    public void Rectifiers_on_the_sphere_have_its_spectrum()
    {
        var task = RandomFeatureTask.Sphere(4, 12, [0, 0.6, 0.4], 0.1, 20);
        // relu(w · x + b) with unit variances has a mean square of (1 + 1) / 2, but for what degrees from the twelfth on have.
        Assert.Equal(1, task.Eigenvalues.Sum(), 0.01);
        Assert.Equal(1, Mean(task, 60, drawn => Tensor.Square(drawn.Features).Mean()), 0.1);
        Assert.Equal(1.1, Mean(task, 60, drawn => Tensor.Square(drawn.Targets).Mean()), 0.1);
        Assert.Equal(task.Eigenvalues[1], task.Eigenvalues[4]);
    }

    [Fact]
    public void The_spectrum_of_a_pool_is_that_of_its_kernel_matrix()
    {
        var inputs = Sample.Normal(Key.Of(1), [60, 3], ElementType.Float64).Evaluate();
        var targets = Tensor.Where(inputs[.., 0] > 0.0, 1.0, -1.0).AsType(ElementType.Float64).Evaluate();
        var task = RandomFeatureTask.OfPool(inputs, targets);
        Assert.Equal(1, task.Squares.Sum(), 1e-9);
        // Centred inputs of unit length in the mean: the same mean square as on the sphere.
        Assert.Equal(1, task.Eigenvalues.Sum(), 1e-6);
        var drawn = task.Draw(Key.Of(2), 45, 7);
        Assert.Equal([45, 7], drawn.Features.Shape.ToArray());
        Assert.Equal(15, drawn.Tests.Shape[0]);
        Assert.Equal(targets.Sum().Item(), (drawn.Targets.Sum() + drawn.Truth.Sum()).Item(), 1e-9);
    }

    private static double Mean(RandomFeatureTask task, int samples, Func<(Tensor Features, Tensor Targets, Tensor Tests, Tensor Truth), Tensor> of) =>
        Enumerable.Range(0, Draws).Average(draw => of(task.Draw(Key.Of(draw), samples, 9)).Item());
}
