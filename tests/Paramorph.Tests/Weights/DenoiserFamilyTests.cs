using Paramorph.Data;
using Paramorph.Layers;
using Paramorph.Optimisers;
using Paramorph.Training;
using Paramorph.Weights;

namespace Paramorph.Tests.Weights;

public sealed class DenoiserFamilyTests
{
    private static readonly DenoisingPatches patches = DenoisingPatches.Draw(Key.Of(1), levels: 3, pictures: 2, group: 50, size: 24, side: 5);

    private static readonly Hypernetwork<Mlp> family = DenoiserFamily.Create(Key.Of(2), Key.Of(3), pixels: 25, width: 8, layers: 2, hidden: [4, 8]);

    [Fact]
    public void Patches_are_cut_from_their_corners()
    {
        float[] picture = [.. Enumerable.Range(0, 16).Select(i => (float)i)];
        Assert.Equal([5, 6, 7, 9, 10, 11, 13, 14, 15], DenoisingPatches.Cut(picture, [0, 5], 3)[1].ToDoubles());
        Assert.Throws<ArgumentOutOfRangeException>(() => DenoisingPatches.Draw(Key.Of(1), 1, 1, 1, 16, side: 4));
    }

    [Fact]
    public void Patches_to_learn_from_are_standardised_and_in_groups()
    {
        Assert.Equal([80, 50, 25], patches.Train.Shape);
        Assert.Equal([3, 128, 25], patches.Test.Shape);
        Assert.Equal([2, 4, 50, 25], patches.Batches(2, 4).Shape);
        Assert.Equal(patches.Train[5].ToDoubles(), patches.Batches(2, 4)[1, 1].ToDoubles());
        // The middles of the patches are not the whole of the pictures.
        Assert.Equal(0, patches.Train.Mean().Item(), 0.15);
        Assert.Equal(1, patches.Train.Variance().Item(), 0.25);
        Assert.Equal(20, patches.Inner);
    }

    [Fact]
    public void Errors_are_those_of_the_denoiser_of_each_level()
    {
        var levels = Tensor.From(0f, 0.5f, 1);
        var expected = Enumerable.Range(0, 3).Average(i =>
        {
            var noisy = patches.Test[i] + levels[i] * patches.Noise[i];
            var told = DenoiserFamily.Denoise(family, levels[i].Evaluate(), noisy.Evaluate()).ToDoubles();
            return told.Zip(patches.Test[i][.., 12].ToDoubles(), (a, b) => (a - b) * (a - b)).Average();
        });
        Assert.Equal(expected, DenoiserFamily.Error(family, patches.Test, levels, patches.Noise).Item(), 1e-5 * expected);
    }

    [Fact]
    public void A_picture_stands_above_what_is_made_of_it()
    {
        var picture = patches.Denoised((_, cut) => cut[.., 12], 0.1f, 1);
        Assert.Equal((2 * 2 * 20 + 8, 2 * 2 * 20 + 8), (picture.Width, picture.Height));
        // What leaves pixels as they are makes the same picture.
        var (row, half) = (3 * picture.Width, 2 * 20 + 8);
        Assert.Equal(picture.Pixels[..120].ToArray(), picture.Pixels.Slice(half * row, 120).ToArray());
    }

    [Fact]
    public void Norms_are_those_of_predicted_models()
    {
        var norms = family.Norms(Tensor.From(0f, 0.7f)).ToDoubles();
        var squares = Tree.Leaves(family.Predict(Tensor.Scalar(0.7f))).Sum(leaf => leaf.ToDoubles().Sum(value => value * value));
        Assert.Equal(Math.Sqrt(squares), norms[1], 1e-4);
    }

    [Fact]
    public void The_spread_of_gradients_is_that_of_their_lengths()
    {
        // The gradient of w · x is x, whatever the key.
        var batches = Tensor.From([3.0, 4, 0, 1, 6, 8], [3, 2]);
        double[] lengths = [5, 1, 10];
        var mean = lengths.Average();
        var expected = lengths.Average(length => (length - mean) * (length - mean)) / (mean * mean);
        Assert.Equal(expected, GradientSpread.OfLength(Tensor.From(1.0, 2), batches, Key.Of(4), (w, x, _) => (w * x).Sum()).Item(), 1e-9);
    }

    [Fact]
    public void Training_in_parts_is_training_when_rates_are_equal()
    {
        var trainer = new Trainer<Tensor, Tensor>(new Adam(0.1), (w, x, _) => Tensor.Square(w - x).Sum());
        var batches = Batches.Drawn(step => Tensor.Full([2], (double)step, ElementType.Float64));
        TrainingState<Tensor> Start() => trainer.Start(Tensor.From(0.0, 5), Key.Of(5));
        var looks = new List<(int Part, int Taken, double First)>();
        var parts = TrainingParts.Run(trainer, Start(), batches, 10, 4, _ => 1, (part, taken, model, isFinite) => looks.Add((part, taken, isFinite ? model[0].Item() : double.NaN)));
        Assert.Equal(trainer.Run(Start(), batches, new(10)).State.Model.ToDoubles(), parts.ToDoubles());
        Assert.Equal([(1, 2), (2, 5), (3, 7), (4, 10)], looks.Select(look => (look.Part, look.Taken)));
        Assert.Equal(parts[0].Item(), looks[^1].First);
    }

    [Fact]
    public void After_divergence_the_last_finite_model_is_looked_at()
    {
        var trainer = new Trainer<Tensor, Tensor>(new Sgd(1), (w, x, _) => w * x);
        var finite = new List<bool>();
        var batches = Batches.Drawn(step => Tensor.Scalar(step < 4 ? 1.0 : double.NaN));
        var last = TrainingParts.Run(trainer, trainer.Start(Tensor.Scalar(0.0), Key.Of(6)), batches, 8, 4, _ => 1, (_, _, model, isFinite) =>
        {
            finite.Add(isFinite);
            Assert.True(double.IsFinite(model.Item()));
        });
        Assert.Equal([true, true, false, false], finite);
        Assert.True(double.IsFinite(last.Item()));
        Assert.Throws<ArgumentOutOfRangeException>(() => TrainingParts.Run(trainer, trainer.Start(Tensor.Scalar(0.0), Key.Of(6)), batches, 2, 3, _ => 1, (_, _, _, _) => { }));
    }
}
