using Paramorph.Layers;
using Paramorph.Neurons;
using Paramorph.Parameters;

namespace Paramorph.Tests.Neurons;

public sealed class KanLayerTests
{
    private const int Inputs = 3, Outputs = 2, Count = 5;

    private static readonly IReadOnlyList<UnivariateBasis> families = UnivariateBasis.All(Count);

    private static readonly Tensor points = Sample.Uniform(Key.Of(1), [6, Inputs], -1.0, 1.0, ElementType.Float64).Evaluate();

    /// <summary>The families that the inputs of <see cref="Selectable"/> weigh most.</summary>
    private static readonly int[] chosen = [3, 0, 3];

    private static SelectableKanLayer Selectable => SelectableKanLayer.Create(Key.Of(2), families, Inputs, Outputs, type: ElementType.Float64) with
    {
        Logits = Tensor.From(new[,] { { 0.1, 0, -0.3, 0.4, 0.2 }, { 0.7, 0.5, 0.3, 0, -1 }, { 0, 0, 0, 1.5, 1 } }),
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_output_is_a_sum_of_functions_of_the_inputs(bool isSquashed)
    {
        var basis = families[2];
        var layer = KanLayer.Create(Key.Of(3), basis, Inputs, Outputs, isSquashed: isSquashed, type: ElementType.Float64);
        AssertIs(layer.Call(points), points, isSquashed ? Tensor.Tanh(points) : points, layer.Base, (i, k, j) => layer.Groups[0].Coefficients[i, k, j].Item(), _ => basis);
    }

    [Fact]
    public void Weights_sum_to_one_for_each_input() => Assert.All(Selectable.Weights().Sum(-1).ToDoubles(), sum => Assert.Equal(1, sum, 12));

    [Fact]
    public void A_selectable_function_is_the_weighted_mean_of_those_of_the_families()
    {
        var (layer, weights) = (Selectable, Selectable.Weights());
        var expected = Tensor.Silu(points).Dot(layer.Pool.Base);
        for (var family = 0; family < families.Count; family++)
            expected += Einsum.Of("nik,ikj,i->nj", families[family].Values(points), layer.Pool.Groups[family].Coefficients, weights[.., family]);
        Assert.True(Tensor.Abs(layer.Call(points) - expected).Max().Item() < 1e-12);
    }

    [Fact]
    public void Pruning_keeps_the_function_of_the_chosen_family_as_it_is()
    {
        var (layer, weights) = (Selectable, Selectable.Weights().ToDoubles());
        var pruned = layer.Pruned();
        Assert.Equal([families[0], families[3]], pruned.Groups.Select(group => group.Basis));
        AssertIs(
            pruned.Call(points), points, points, layer.Pool.Base,
            (i, k, j) => weights[i * families.Count + chosen[i]] * layer.Pool.Groups[chosen[i]].Coefficients[i, k, j].Item(),
            i => families[chosen[i]]);
    }

    [Fact]
    public void Pruning_a_layer_that_has_settled_changes_nothing()
    {
        var layer = Selectable with { Logits = 1000.0 * Selectable.Logits };
        Assert.True(Tensor.Abs(layer.Pruned().Call(points) - layer.Call(points)).Max().Item() < 1e-12);
    }

    [Fact]
    public void A_pruned_layer_has_as_many_parameters_as_one_of_a_single_family() =>
        Assert.Equal(ParameterCount.Of(KanLayer.Create(Key.Of(1), families[0], Inputs, Outputs)), ParameterCount.Of(Selectable.Pruned()));

    [Fact]
    public void Equal_weights_have_the_largest_entropy_and_one_family_has_none()
    {
        Assert.Equal(Math.Log(5), SelectableKanLayer.Create(Key.Of(2), families, Inputs, Outputs).Entropy().Item(), 6);
        Assert.Equal(0, (Selectable with { Logits = 1000.0 * Selectable.Logits }).Entropy().Item(), 12);
    }

    [Fact]
    public void A_network_is_pruned_layer_by_layer()
    {
        var network = new Sequential([Selectable, Linear.Create(Key.Of(5), Outputs, 1, type: ElementType.Float64)]);
        Assert.Equal(Selectable.Entropy().Item(), SelectableKanLayer.EntropyOf(network).Item(), 12);
        Assert.Equal([typeof(KanLayer), typeof(Linear)], SelectableKanLayer.PrunedOf(network).Layers.Select(layer => layer.GetType()));
    }

    [Fact]
    public void A_convolution_is_the_dense_layer_on_patches()
    {
        var images = Sample.Uniform(Key.Of(4), [2, Inputs, 4, 5], -1.0, 1.0, ElementType.Float64).Evaluate();
        AssertIsDenseOnPatches(KanLayer.Create(Key.Of(5), families[1], Inputs, Outputs, [3, 3], type: ElementType.Float64), images);
    }

    [Fact]
    public void A_pruned_convolution_is_the_dense_layer_on_patches()
    {
        var images = Sample.Uniform(Key.Of(4), [2, Inputs, 4, 5], -1.0, 1.0, ElementType.Float64).Evaluate();
        var layer = SelectableKanLayer.Create(Key.Of(6), families, Inputs, Outputs, [3, 3], isSquashed: true, type: ElementType.Float64) with { Logits = Selectable.Logits };
        AssertIsDenseOnPatches(layer.Pruned(), images);
    }

    [Fact]
    public void Inputs_and_kernels_that_do_not_fit_are_refused()
    {
        Assert.Throws<ShapeException>(() => KanLayer.Create(Key.Of(1), families[0], Inputs, Outputs, [2, 2]));
        Assert.Throws<ShapeException>(() => KanLayer.Create(Key.Of(1), families[0], 0, Outputs));
        Assert.Throws<ShapeException>(() => Selectable.Call(Tensor.Zeros([2, 4], ElementType.Float64)));
        Assert.Throws<ShapeException>(() => SelectableKanLayer.Create(Key.Of(1), [], Inputs, Outputs));
    }

    /// <summary>Compares with the definition, one function at a time.</summary>
    private static void AssertIs(Tensor y, Tensor x, Tensor places, Tensor linear, Func<int, int, int, double> coefficient, Func<int, UnivariateBasis> basis)
    {
        for (var n = 0; n < x.Shape[0]; n++)
        {
            for (var j = 0; j < Outputs; j++)
            {
                var sum = 0.0;
                for (var i = 0; i < Inputs; i++)
                {
                    var at = x[n, i].Item();
                    var values = basis(i).Values(Tensor.Scalar(places[n, i].Item())).ToDoubles();
                    sum += linear[i, j].Item() * at / (1 + Math.Exp(-at));
                    for (var k = 0; k < values.Length; k++) sum += coefficient(i, k, j) * values[k];
                }
                Assert.Equal(sum, y[n, j].Item(), 10);
            }
        }
    }

    private static void AssertIsDenseOnPatches(KanLayer convolution, Tensor images)
    {
        var (height, width) = (images.Shape[2], images.Shape[3]);
        // Each place of a patch is an input of its own, with the family of its channel.
        Tensor Places(Tensor parameters, int kernelAxis) => parameters.MoveAxis(kernelAxis, 1).MoveAxis(kernelAxis + 1, 2).Flatten3();
        var dense = new KanLayer(
            [
                .. convolution.Groups.Select(group => new KanGroup(
                    group.Basis, [.. group.Nodes.SelectMany(node => Enumerable.Range(9 * node, 9))], Places(group.Coefficients, 3))),
            ],
            Places(convolution.Base, 2), convolution.IsSquashed);
        var (outputs, padded) = (convolution.Call(images), images.Pad([(0, 0), (0, 0), (1, 1), (1, 1)]));
        for (var row = 0; row < height; row++)
        {
            for (var column = 0; column < width; column++)
            {
                var patch = padded[.., .., row..(row + 3), column..(column + 3)].Flatten(1);
                Assert.True(Tensor.Abs(dense.Call(patch) - outputs[.., .., row, column]).Max().Item() < 1e-10);
            }
        }
    }
}

file static class Axes
{
    /// <summary>The first three axes made one.</summary>
    public static Tensor Flatten3(this Tensor tensor) => tensor.Reshape([-1, .. tensor.Shape.Sizes[3..]]);
}
