using Paramorph.Bayes;

namespace Paramorph.Tests.Bayes;

public sealed class ProcessPriorTests
{
    private static readonly ProcessPrior prior = new();

    private static PriorTasks Tasks => Tree.Map(prior.Draw(Key.Of(3), 2, 7, 3, 5), tensor => tensor.Evaluate());

    [Fact]
    public void Evidence_and_prediction_are_those_of_conditional_normal_distributions()
    {
        var (tasks, logs) = (Tasks, Tensor.From(new[,] { { Math.Log(0.3), Math.Log(0.1) }, { Math.Log(0.8), Math.Log(0.2) } }).ExpandDims(0));
        var (evidence, predictive) = (prior.LogEvidence(tasks, logs), prior.LogPredictive(tasks, logs));
        for (var task = 0; task < 2; task++)
        {
            double[] x = tasks.Inputs[task].ToDoubles(), y = tasks.Values[task].ToDoubles();
            var known = Enumerable.Range(0, 7).Where(i => tasks.Known[task].ToArray<bool>()[i]).ToArray();
            foreach (var (process, (length, noise)) in new[] { (0.3, 0.1), (0.8, 0.2) }.Index())
            {
                double Covariance(int i, int j) => Math.Exp(-0.5 * Math.Pow((x[i] - x[j]) / length, 2)) + (i == j ? noise * noise : 0);
                // The density of the known values, and of them with one more: their ratio is the predictive density.
                double LogNormal(int[] places)
                {
                    var matrix = Tensor.From(places.SelectMany(i => places.Select(j => Covariance(i, j))).ToArray()).Reshape(places.Length, places.Length);
                    var own = Tensor.From(places.Select(i => y[i]).ToArray()).Reshape(places.Length, 1);
                    return -0.5 * (LinearAlgebra.Solve(matrix, own) * own).Sum().Item() - 0.5 * Math.Log(LinearAlgebra.Determinant(matrix).Item()) - 0.5 * places.Length * Math.Log(2 * Math.PI);
                }
                Assert.Equal(LogNormal(known), evidence[task, process].Item(), 6);
                foreach (var asked in Enumerable.Range(0, 7).Except(known))
                    Assert.Equal(LogNormal([.. known, asked]) - LogNormal(known), predictive[task, process, asked].Item(), 6);
            }
        }
    }

    [Fact]
    public void Drawn_functions_have_the_covariance_of_the_kernel_and_the_noise()
    {
        var one = new ProcessPrior(1, 0.5, 0.5 + 1e-9, 0.3, 0.3 + 1e-9);
        var tasks = Tree.Map(one.Draw(Key.Of(1), 20_000, 2, 1, 1), tensor => tensor.Evaluate());
        double[] x = tasks.Inputs.ToDoubles(), y = tasks.Values.ToDoubles();
        var (squares, products, kernels) = (0.0, 0.0, 0.0);
        for (var i = 0; i < 20_000; i++)
        {
            squares += y[2 * i] * y[2 * i] / 20_000;
            products += y[2 * i] * y[(2 * i) + 1] / 20_000;
            kernels += Math.Exp(-0.5 * Math.Pow((x[2 * i] - x[(2 * i) + 1]) / 0.5, 2)) / 20_000;
        }
        Assert.Equal(1.09, squares, 0.04);
        Assert.Equal(kernels, products, 0.04);
    }

    [Fact]
    public void The_grid_lies_within_the_prior_and_places_outside_have_none()
    {
        var grid = prior.Grid(4, 3);
        Assert.Equal([12, 2], grid.Shape);
        Assert.All(prior.LogPrior(grid).ToDoubles(), value => Assert.Equal(0, value));
        Assert.Equal([0, double.NegativeInfinity, double.NegativeInfinity], prior.LogPrior(Tensor.From(new[,] { { Math.Log(0.5), Math.Log(0.1) }, { Math.Log(1.5), Math.Log(0.1) }, { Math.Log(0.5), Math.Log(0.01) } })).ToDoubles());
    }

    [Fact]
    public void Classes_are_drawn_with_the_probability_of_the_function()
    {
        var tasks = Tree.Map(prior.DrawClasses(Key.Of(2), 200, 50, 10, 10), tensor => tensor.Evaluate());
        Assert.Equal(ElementType.Int32, tasks.Values.ElementType);
        Assert.Equal(0.5, tasks.Values.ToDoubles().Average(), 0.08);
        Assert.All(tasks.Known.ToArray<bool>().Chunk(50), own => Assert.Equal(10, own.Count(known => known)));
        // Neighbours are mostly of one class.
        double[] x = tasks.Inputs.ToDoubles();
        var classes = tasks.Values.ToArray<int>();
        var near = Enumerable.Range(0, 200).SelectMany(task => Enumerable.Range(0, 50).SelectMany(i => Enumerable.Range(0, i).Select(j => (I: (task * 50) + i, J: (task * 50) + j)))).Where(pair => Math.Abs(x[pair.I] - x[pair.J]) < 0.02).ToArray();
        Assert.True(near.Average(pair => classes[pair.I] == classes[pair.J] ? 1.0 : 0) > 0.7);
    }

    [Fact]
    public void The_posterior_has_the_moments_of_the_mixture_of_predictive_densities()
    {
        var (tasks, grid) = (Tasks, prior.Grid(5, 4).ExpandDims(0));
        var (posterior, weights) = (prior.Posterior(tasks, grid), prior.LogEvidence(tasks, grid).LogSoftmax().ExpandDims(-1));
        const double Step = 0.01;
        var (total, first, second) = (0.0, 0.0, 0.0);
        for (var y = -8.0; y < 8; y += Step)
        {
            var asked = tasks with { Values = Tensor.Where(tasks.Known, tasks.Values, Tensor.Full(tasks.Values.Shape, y)) };
            var density = Step * Tensor.Exp((weights + prior.LogPredictive(asked, grid)).LogSumExp(1))[1, 6].Item();
            (total, first, second) = (total + density, first + density * y, second + density * y * y);
        }
        Assert.Equal(1, total, 1e-3);
        Assert.Equal(first, posterior.Mean[1, 6].Item(), 1e-3);
        Assert.Equal(Math.Sqrt(second - first * first), posterior.Deviation[1, 6].Item(), 1e-3);
    }

    [Fact]
    public void Another_correlation_takes_the_place_of_the_squared_exponential()
    {
        var one = new ProcessPrior(1, 0.5, 0.5 + 1e-9, 0.1, 0.1 + 1e-9) { Correlation = squares => Tensor.Exp(-Tensor.Sqrt(squares + 1e-12)) };
        var tasks = new PriorTasks(Tensor.From(0.2, 0.6).Reshape(1, 2, 1), Tensor.From(1.5, 0).Reshape(1, 2), Tensor.From(true, false).Reshape(1, 2));
        var (posterior, correlation) = (one.Posterior(tasks, one.Grid(1, 1).ExpandDims(0)), Math.Exp(-0.8));
        Assert.Equal(correlation * 1.5 / 1.01, posterior.Mean[0, 1].Item(), 1e-5);
        Assert.Equal(Math.Sqrt(1.01 - correlation * correlation / 1.01), posterior.Deviation[0, 1].Item(), 1e-5);
    }
}
