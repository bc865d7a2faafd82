using Paramorph.Experiments;

namespace Paramorph.Papers.Bayes;

/// <summary>The mean and the central interval of 95 % of normal answers to a task of one number, with training examples as dots.</summary>
internal static class BandPicture
{
    /// <summary>Draws it.</summary>
    /// <param name="task">The task.</param>
    /// <param name="answers">From inputs [n, 1] to means and variances [1, n], noise included.</param>
    public static Picture Of(GapTask task, Func<Tensor, (Tensor Means, Tensor Variances)> answers)
    {
        const int Width = 360, Height = 200;
        const double Side = 2.5, Deviations = 1.96;
        var picture = new Picture(Width, Height);
        double Across(double x) => Width * (x + Side) / (2 * Side);
        double Down(double y) => Height * (Side - Math.Clamp(y, -Side, Side)) / (2 * Side);
        var places = Tensor.From([.. Enumerable.Range(0, Width).Select(i => 2 * Side * (i + 0.5) / Width - Side)]).Reshape(Width, 1);
        var (means, variances) = answers(places.Evaluate());
        foreach (var (i, (mean, variance)) in means.ToDoubles().Zip(variances.ToDoubles()).Index())
        {
            picture.Line(i, Down(mean - Deviations * Math.Sqrt(variance)), i, Down(mean + Deviations * Math.Sqrt(variance)), new(190, 210, 240));
            picture.Dot(i, Down(mean), 1, Colour.Distinct[0]);
        }
        foreach (var (x, y) in task.Train.Inputs.ToDoubles().Zip(task.Train.Targets.ToDoubles())) picture.Dot(Across(x), Down(y), 1.5, new(0, 0, 0));
        return picture;
    }
}
