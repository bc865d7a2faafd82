using Paramorph.Bayes;

namespace Paramorph.Tests.Bayes;

public sealed class MaskedPosteriorTests
{
    [Theory]
    [InlineData(1, true)]
    [InlineData(3, true)]
    [InlineData(3, false)]
    public void Frequencies_of_masks_are_those_of_all_masks_listed(int most, bool isInformed)
    {
        // A conjugate last layer of five nodes, whose weights are integrated out: y is normal with the covariance 0.3² I + Φ diag(m²) Φᵀ.
        const int nodes = 5, rows = 8;
        var features = Sample.Normal(Key.Of(1), [rows, nodes], ElementType.Float64).Evaluate();
        var targets = (features[.., 0] - 0.4 * features[.., 1] + 0.3 * Sample.Normal(Key.Of(2), [rows], ElementType.Float64)).Evaluate();
        Tensor LogDensity(Tensor masks)
        {
            var scaled = features * masks.ExpandDims(1);
            var factor = LinearAlgebra.Cholesky(Tensor.MatMul(scaled, scaled.SwapAxes(1, 2)) + 0.09 * Tensor.Eye(rows, ElementType.Float64));
            var whitened = LinearAlgebra.TriangularSolve(factor, targets.Reshape(1, rows, 1).BroadcastTo([masks.Shape[0], rows, 1]));
            return -0.5 * Tensor.Square(whitened).Flatten(1).Sum(1) - Tensor.Log(LinearAlgebra.Diagonal(factor)).Sum(1);
        }
        static Tensor LogPrior(Tensor masks) => -0.2 * Tensor.Square(masks.Sum(1));
        var all = Tensor.From([.. Enumerable.Range(0, 32).SelectMany(mask => Enumerable.Range(0, nodes).Select(node => (double)(mask >> node & 1)))]).Reshape(32, nodes);
        var exact = (LogDensity(all) + LogPrior(all)).Softmax().ToDoubles();
        var moves = new NodeMaskMoves(LogDensity, LogPrior, most, isInformed);
        var run = Compile.Of((Key key) => Control.Scan<NodeMaskState, Tensor, Tensor>(
            (state, time) => moves.Move(key.Fold(time), state) is var next ? (next, next.Masks) : default, moves.Start(Tensor.Ones([100, nodes], ElementType.Float64)), Tensor.Arange(1500)).Results);
        var codes = (run(Key.Of(3))[100..] * Tensor.From(1.0, 2.0, 4.0, 8.0, 16.0)).Sum(-1).AsType(ElementType.Int32);
        var frequencies = Tensor.OneHot(codes, 32, ElementType.Float64).Mean([0, 1]).ToDoubles();
        Assert.True(exact.Count(share => share > 0.02) > 5);
        Assert.InRange(exact.Zip(frequencies, (a, b) => Math.Abs(a - b)).Max(), 0, 0.01);
    }

    [Fact]
    public void Frequencies_of_the_number_of_nodes_are_those_of_integrated_likelihoods()
    {
        // Weights, biases and the variance of the noise of a network of up to two nodes, integrated out: those of the last layer exactly, the others by many draws of the prior.
        const int rows = 6, draws = 40000;
        var inputs = Tensor.From(-1.5, -1.0, -0.2, 0.4, 0.9, 1.6).Reshape(rows, 1);
        var targets = Tensor.From(0.7, 0.9, -0.5, -0.8, -0.1, 0.6).Reshape(rows, 1);
        var posterior = new MaskedPosterior([1, 2, 1], Sparsity: 0.3) { Scale = 1.5, IsNormal = true, Flight = 8, Proposals = 3, Most = 2, NoiseShape = 3, NoiseScale = 0.5 };
        double Evidence(int nodes)
        {
            Tensor Normal(int part) => 1.5 * Sample.Normal(Key.Of(4).Fold(nodes).Fold(part), [draws, 1, nodes], ElementType.Float64);
            var hidden = Tensor.Concatenate([Tensor.Ones([draws, rows, 1], ElementType.Float64), Tensor.Relu(inputs * Normal(0) + Normal(1))], 2);
            var variances = 0.5 / Sample.Gamma(Key.Of(5).Fold(nodes), Tensor.Full([draws, 1, 1], 3.0, ElementType.Float64));
            var factor = LinearAlgebra.Cholesky(2.25 * Tensor.MatMul(hidden, hidden.SwapAxes(1, 2)) + variances * Tensor.Eye(rows, ElementType.Float64));
            var whitened = LinearAlgebra.TriangularSolve(factor, targets.BroadcastTo([draws, rows, 1]));
            return ((-0.5 * Tensor.Square(whitened).Flatten(1).Sum(1) - Tensor.Log(LinearAlgebra.Diagonal(factor)).Sum(1)).LogSumExp(0) - Math.Log(draws)).Item();
        }
        // Two masks have one node on, each with half of the prior of that number.
        var strength = Math.Pow(0.3 * Math.Log(rows), 5);
        var exact = Tensor.From([.. Enumerable.Range(0, 3).Select(nodes => (nodes == 0 ? EvidenceOfNone() : Evidence(nodes)) - strength * nodes * nodes)]).Softmax().ToDoubles();
        var run = Compile.Of((Key key) =>
        {
            var start = posterior.Start(key.Fold(0), 100, ElementType.Float64);
            var (state, search) = posterior.WarmUp(key.Fold(1), inputs, targets, start, posterior.Search(start), 200);
            return posterior.Draw(key.Fold(2), inputs, targets, state, search.Average, 600, 1).Draws.Masks.Sum(-1).AsType(ElementType.Int32);
        });
        var frequencies = Tensor.OneHot(run(Key.Of(6)), 3, ElementType.Float64).Mean([0, 1]).ToDoubles();
        Assert.All(exact.Zip(frequencies), pair => Assert.InRange(pair.First - pair.Second, -0.03, 0.03));
        Assert.True(exact.Min() > 0.03 && exact.Max() < 0.9, string.Join(' ', exact));

        double EvidenceOfNone()
        {
            var variances = 0.5 / Sample.Gamma(Key.Of(7), Tensor.Full([draws, 1, 1], 3.0, ElementType.Float64));
            var factor = LinearAlgebra.Cholesky(2.25 * Tensor.Ones([rows, rows], ElementType.Float64) + variances * Tensor.Eye(rows, ElementType.Float64));
            var whitened = LinearAlgebra.TriangularSolve(factor, targets.BroadcastTo([draws, rows, 1]));
            return ((-0.5 * Tensor.Square(whitened).Flatten(1).Sum(1) - Tensor.Log(LinearAlgebra.Diagonal(factor)).Sum(1)).LogSumExp(0) - Math.Log(draws)).Item();
        }
    }

    [Fact]
    public void Masks_of_one_number_of_nodes_share_its_prior()
    {
        var posterior = new MaskedPosterior([1, 3, 2, 1], Sparsity: 0.2);
        var all = Tensor.From([.. Enumerable.Range(0, 32).SelectMany(mask => Enumerable.Range(0, 5).Select(node => (double)(mask >> node & 1)))]).Reshape(32, 5);
        var shares = Tensor.Exp(posterior.LogMaskPrior(all, 1000)).ToDoubles();
        var counts = all[.., ..3].Sum(1).ToDoubles();
        var strength = Math.Pow(0.2 * Math.Log(1000), 5);
        double Of(int on) => counts.Zip(shares).Where(pair => pair.First == on).Sum(pair => pair.Second);
        Assert.Equal(Math.Exp(-4 * strength), Of(2) / Of(0), 1e-9);
    }

    [Fact]
    public void Draws_without_their_silent_nodes_answer_as_with_them()
    {
        var networks = MaskedNetwork.Create(Key.Of(8), 6, [3, 7, 5, 2], ElementType.Float64);
        var masks = Sample.Bernoulli(Key.Of(9), Tensor.Full([6, 12], 0.4)).AsType(ElementType.Float64).Evaluate();
        var x = Sample.Normal(Key.Of(10), [9, 3], ElementType.Float64);
        var pruned = networks.Pruned(masks);
        Assert.Equal((int)masks[.., ..7].Sum(1).Max().Item(), pruned.Biases[0].Shape[1]);
        Assert.True(Tensor.Abs(networks.Call(x, masks) - pruned.Call(x)).Max().Item() < 1e-12);
    }

    [Fact]
    public void Masks_that_are_no_matrix_are_refused() => Assert.Throws<ShapeException>(() => new NodeMaskMoves(x => x.Sum(-1), x => x.Sum(-1)).Start(Tensor.Ones([4])));
}
