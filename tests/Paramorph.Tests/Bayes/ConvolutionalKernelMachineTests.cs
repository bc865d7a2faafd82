using Paramorph.Bayes;

namespace Paramorph.Tests.Bayes;

public sealed class ConvolutionalKernelMachineTests
{
    private const int Points = 6;

    private static readonly Key Seed = Key.Of(11);

    private static Tensor Images { get; } = Sample.Normal(Seed.Fold(0), [3, 2, 4, 4], ElementType.Float64).Evaluate();

    private static Tensor Patches { get; } = Sample.Normal(Seed.Fold(1), [Points, 2, 3, 3], ElementType.Float64).Evaluate();

    private static ConvolutionalKernelMachine Prior { get; } = ConvolutionalKernelMachine.Create(Seed.Fold(2), Patches, 2, 3);

    /// <summary>A machine all of whose parts differ from the prior.</summary>
    private static ConvolutionalKernelMachine Learned { get; } = Prior with
    {
        Grams = [.. Prior.Grams.Select((_, layer) => new LearnedGram(Drawn(3 + layer, [Points, Points], 0.2)))],
        Weights = Drawn(7, [3], 0.3),
        Biases = Drawn(8, [3], 0.3),
        Mean = Drawn(5, [Points, 3], 1),
        Spread = new(Drawn(6, [Points, Points], 0.2)),
    };

    private static Tensor Drawn(int which, Shape shape, double scale) => (scale * Sample.Normal(Seed.Fold(which), shape, ElementType.Float64)).Evaluate();

    [Fact]
    public void Moments_are_those_of_drawn_convolutional_networks()
    {
        const int Networks = 100_000;
        const double Bias = 0.3, Weight = 1.7;
        // The first layer: patches of images and inducing patches under the same drawn filters, which are networks here.
        var filters = Sample.Normal(Seed.Fold(20), [Networks, 2, 3, 3], ElementType.Float64) / Math.Sqrt(18);
        var biases = Math.Sqrt(Bias) * Sample.Normal(Seed.Fold(21), [Networks], ElementType.Float64);
        Tensor Features(Tensor preactivations) => Math.Sqrt(2 * Weight) * Tensor.Relu(preactivations);
        var ofImages = Features(Tensor.Convolve(Images, filters, new() { Padding = Padding.Same }) + biases.Reshape(-1, 1, 1)).Evaluate();
        var ofPatches = Features(Tensor.Convolve(Patches, filters)[.., .., 0, 0] + biases).Evaluate();
        var moments = PatchMoments.Of(Images, Patches, Bias).Rectified(Weight, Bias);
        var flat = ofImages.Transpose(1, 0, 2, 3).Reshape(Networks, -1);
        AssertNear(moments.Inducing, Tensor.MatMul(ofPatches, ofPatches.T) / (double)Networks + Bias, 0.03);
        AssertNear(moments.Cross.Transpose(1, 0, 2, 3).Reshape(Points, -1), Tensor.MatMul(ofPatches, flat) / (double)Networks + Bias, 0.03);
        AssertNear(moments.Own.Flatten(), Tensor.Square(flat).Mean(0) + Bias, 0.03);

        // The second: a filter over features and a constant one, whose weights are drawn once for all taps; inducing points are mixtures under the same weights.
        var mixing = Prior.Mixings[0];
        var weights = (Sample.Normal(Seed.Fold(22), [Networks, 3, 3], ElementType.Float64) / 3.0).Evaluate();
        var ofConstant = (Math.Sqrt(Bias) * Sample.Normal(Seed.Fold(23), [Networks, 3, 3], ElementType.Float64) / 3.0).Evaluate();
        var mixed = moments.Mixed(mixing, 2);
        // Of each network the sum over taps of weight times mixture of features.
        var inducing = ((weights.ExpandDims(1) * Tensor.MatMul(ofPatches.T, mixing.Transpose(1, 0, 2, 3).Reshape(Points, -1)).Reshape(Networks, Points, 3, 3)
            + ofConstant.ExpandDims(1) * mixing.Sum(1)).Sum([2, 3])).Evaluate();
        // The first place of the first image, whose window stands whole in it: what is padded stands behind.
        var window = ofImages[0, .., ..3, ..3];
        var place = (weights * window + ofConstant).Sum([1, 2]).Evaluate();
        AssertNear(mixed.Inducing, Tensor.MatMul(inducing.T, inducing) / (double)Networks, 0.05);
        AssertNear(mixed.Own[0, 0, 0], Tensor.Square(place).Mean(), 0.05);
        AssertNear(mixed.Cross[0, .., 0, 0], (inducing * place.ExpandDims(-1)).Mean(0), 0.05);
    }

    [Fact]
    public void Gram_matrices_of_the_prior_give_the_network_of_infinite_width()
    {
        var expected = PatchMoments.Of(Images, Patches, 0.1).Normalised().Rectified(1.0, 0.1).Mixed(Prior.Mixings[0], 2).Normalised().Rectified(1.0, 0.1).Mixed(Prior.Mixings[1], 1).Normalised().Rectified(1.0, 0.1).Averaged();
        var actual = Prior.Moments(Images);
        foreach (var (wanted, found) in Tree.Leaves(expected).Zip(Tree.Leaves(actual))) AssertNear(wanted, found, 1e-4);
        var prior = Prior with { Mean = Tensor.ZerosLike(Prior.Mean) };
        Assert.Equal(0, prior.Divergence(1e6).Item(), 1e-12);
        // Of outputs that have learned nothing the distribution is the prior.
        var (means, variances) = prior.Call(Images);
        Assert.Equal(0, Tensor.Abs(means).Max().Item());
        AssertNear(variances, actual.Own.Flatten(), 1e-9);
    }

    [Fact]
    public void The_divergence_is_that_of_normal_distributions_with_the_learned_Gram_matrix_and_the_prior()
    {
        var prior = PatchMoments.Of(Images, Patches, 0.1).Rectified(1.0, 0.1).Mixed(Prior.Mixings[0], 1);
        var learned = prior.Learned(Learned.Grams[0]);
        var (k, g) = (prior.Inducing, learned.Inducing);
        var expected = 0.5 * (LinearAlgebra.Solve(k, g) * Tensor.Eye(Points, ElementType.Float64)).Sum() - 0.5 * Points - 0.5 * LinearAlgebra.LogDeterminant(g).Logarithm + 0.5 * LinearAlgebra.LogDeterminant(k).Logarithm;
        Assert.Equal(expected.Item(), Learned.Grams[0].Divergence.Item(), 1e-4 * expected.Item());
        Assert.True(expected.Item() > 0.1);
        // That of the outputs, in units of their prior, is the mean over them.
        var spread = Tensor.MatMul(Learned.Spread.Factor, Learned.Spread.Factor.T);
        var mean = Enumerable.Range(0, 3).Average(output =>
            0.5 * ((spread * Tensor.Eye(Points, ElementType.Float64)).Sum() - Points + Tensor.Square(Learned.Mean[.., output]).Sum() - LinearAlgebra.LogDeterminant(spread).Logarithm).Item());
        Assert.Equal(mean, Learned.Divergence(0).Item(), 1e-9 * mean);
        // Given the inducing points, all else is as before: its moments are linear in the Gram matrix.
        var cross = prior.Cross.Transpose(1, 0, 2, 3).Reshape(Points, -1);
        var weights = LinearAlgebra.Solve(k, cross);
        AssertNear(learned.Cross.Transpose(1, 0, 2, 3).Reshape(Points, -1), Tensor.MatMul(g, weights), 1e-4);
        AssertNear(learned.Own.Flatten(), prior.Own.Flatten() + (weights * Tensor.MatMul(g - k, weights)).Sum(0), 1e-4);
    }

    [Fact]
    public void With_all_examples_as_inducing_points_it_is_exact_regression()
    {
        // One place an image, which is its patch: the first four are inducing points too.
        const double Noise = 0.2;
        var all = Sample.Normal(Seed.Fold(30), [9, 2, 3, 3], ElementType.Float64).Evaluate();
        var (known, targets) = (all[..Points].Evaluate(), Drawn(31, [Points, 1], 1));
        Tensor Kernel(Tensor a, Tensor b)
        {
            Tensor Of(Tensor x, Tensor y) => (x * y).Sum(-1) / 18.0 + 0.1;
            var (x, y) = (a.Reshape(-1, 1, 18), b.Reshape(1, -1, 18));
            return 2.0 * DualActivation.Relu.Means(Of(x, y), Of(x, x), Of(y, y)).Products + 0.1;
        }
        var gram = Kernel(known, known) + Noise * Tensor.Eye(Points, ElementType.Float64);
        var expected = Tensor.MatMul(Kernel(all, known), LinearAlgebra.Solve(gram, targets));
        var variance = Kernel(all, all) - Tensor.MatMul(Kernel(all, known), LinearAlgebra.Solve(gram, Kernel(known, all)));

        var machine = ConvolutionalKernelMachine.Create(Seed, known, 0, 1, isNormalised: false);
        Assert.True(double.IsFinite(machine.Divergence(0.1).Item()));
        // A place of the middle alone: the average over the nine places of a 3 x 3 image would know its neighbours too.
        var moments = PatchMoments.Of(all, known, 0.1).Rectified(1.0, 0.1);
        moments = (moments with { Cross = moments.Cross[.., .., 1..2, 1..2], Own = moments.Own[.., 1..2, 1..2] }).Averaged();
        var (_, whitened, _) = moments.Whitened();
        var own = whitened[.., ..Points];
        var precision = Tensor.Eye(Points, ElementType.Float64) + Tensor.MatMul(own, own.T) / Noise;
        var mean = LinearAlgebra.Solve(precision, Tensor.MatMul(own, targets) / Noise);
        var spread = LinearAlgebra.Cholesky(LinearAlgebra.Inverse(precision)).Evaluate();
        var isDiagonal = Tensor.Equal(Tensor.Eye(Points, ElementType.Float64), 1.0);
        machine = machine with { Mean = mean, Spread = new(Tensor.Where(isDiagonal, Tensor.Log(Tensor.Where(isDiagonal, spread, 1.0)), spread)) };
        var (means, variances) = machine.Outputs(moments);
        AssertNear(means, expected, 2e-3);
        AssertNear(variances, (variance * Tensor.Eye(9, ElementType.Float64)).Sum(0), 2e-3);
    }

    [Fact]
    public void The_gradient_of_the_objective_is_that_of_finite_differences()
    {
        Tensor Objective(ConvolutionalKernelMachine machine)
        {
            var (means, variances) = machine.Call(Images);
            return Tensor.Square(means - 0.3).Sum() + Tensor.Log(variances).Sum() + machine.Divergence(0.7);
        }
        var (gradient, objective) = (Gradient.Of(Learned, Objective), Compile.Of<ConvolutionalKernelMachine, Tensor>(Objective));
        var names = Tree.Names(Learned);
        for (var leaf = 0; leaf < names.Length; leaf++)
        {
            var step = 1e-5;
            var direction = Sample.Normal(Seed.Fold(40 + leaf), Tree.Leaves(Learned)[leaf].Shape, ElementType.Float64).Evaluate();
            double At(double distance)
            {
                var next = 0;
                return objective(Tree.Map(Learned, values => next++ == leaf ? (values + distance * direction).Evaluate() : values)).Item();
            }
            var (expected, actual) = ((At(step) - At(-step)) / (2 * step), (Tree.Leaves(gradient)[leaf] * direction).Sum().Item());
            Assert.True(Math.Abs(expected - actual) <= 1e-5 * Math.Max(1, Math.Abs(expected)), $"{names[leaf]}: {actual} for {expected}");
        }
    }

    [Fact]
    public void The_answer_for_an_image_does_not_depend_on_others_and_is_a_distribution()
    {
        var all = Learned.LogProbabilities(Images);
        AssertNear(Learned.LogProbabilities(Images[1..2].Evaluate()), all[1..2], 1e-12);
        AssertNear(Tensor.OnesLike(all[.., 0]), Tensor.Exp(all).Sum(1), 1e-12);
        // The mean of the softmax of independent draws.
        var (means, variances) = Learned.Call(Images);
        var (m, v, random, expected) = (means.ToDoubles(), variances.ToDoubles(), new Random(5), new double[9]);
        for (var draw = 0; draw < 40_000; draw++)
            for (var image = 0; image < 3; image++)
            {
                double[] powers = [.. Enumerable.Range(3 * image, 3).Select(i => Math.Exp(m[i] + Math.Sqrt(v[image]) * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
                for (var i = 0; i < 3; i++) expected[3 * image + i] += powers[i] / powers.Sum() / 40_000;
            }
        var found = Tensor.Exp(Learned.LogProbabilities(Images, 40_000)).ToDoubles();
        foreach (var (wanted, actual) in expected.Zip(found)) Assert.Equal(wanted, actual, 0.01);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_machine_whose_factors_are_computed_once_gives_the_same_answers(bool isNormalised)
    {
        var machine = Learned with { IsNormalised = isNormalised };
        AssertNear(machine.LogProbabilities(Images), ConvolutionalKernelClassifier.Of(machine).Call(Images), 1e-9);
    }

    [Fact]
    public void Normalised_moments_are_those_of_preactivations_divided_by_one_number()
    {
        var moments = PatchMoments.Of(Images, Patches, 0.1);
        var normalised = moments.Normalised();
        var scale = Enumerable.Range(0, Points).Average(i => moments.Inducing[i, i].Item());
        Assert.Equal(1, Enumerable.Range(0, Points).Average(i => normalised.Inducing[i, i].Item()), 1e-12);
        foreach (var (before, after) in Tree.Leaves(moments).Zip(Tree.Leaves(normalised))) AssertNear(before / scale, after, 1e-12);
    }

    private static void AssertNear(Tensor expected, Tensor actual, double tolerance)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.InRange((Tensor.Abs(expected - actual).Max() / Tensor.Abs(expected).Max()).Item(), 0, tolerance);
    }
}
