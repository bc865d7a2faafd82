using MathNet.Numerics.LinearAlgebra;

namespace Paramorph.Problems;

/// <summary>
/// The simple answer to a picture: a smaller one, enlarged by cubic convolution. The smaller one is not any reduction but that whose enlargement has the least squared error. (Keys, "Cubic
/// convolution interpolation for digital image processing", 1981.)
/// </summary>
internal static class BicubicAnswer
{
    /// <summary>The enlarged picture.</summary>
    /// <param name="values">[height * width, channels].</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="numbers">How many numbers the smaller one may have.</param>
    /// <returns>The same shape, and the sizes of the smaller one.</returns>
    public static (float[] Enlarged, int Height, int Width) Of(ReadOnlySpan<float> values, int height, int width, int numbers)
    {
        var (cells, channels) = (height * width, values.Length / (height * width));
        var rows = (int)Math.Clamp(Math.Sqrt(numbers / (double)channels * height / width), 1, height);
        var columns = Math.Clamp(numbers / channels / rows, 1, width);
        var (down, across) = (Projection(rows, height), Projection(columns, width));
        var enlarged = new float[values.Length];
        for (var c = 0; c < channels; c++)
        {
            var plane = Matrix<double>.Build.Dense(height, width);
            for (var p = 0; p < cells; p++) plane[p / width, p % width] = values[p * channels + c];
            var found = down * plane * across.Transpose();
            for (var p = 0; p < cells; p++) enlarged[p * channels + c] = (float)found[p / width, p % width];
        }
        return (enlarged, rows, columns);
    }

    /// <summary>From a signal to the nearest one that is an enlargement of fewer samples.</summary>
    private static Matrix<double> Projection(int few, int many)
    {
        var enlarge = Matrix<double>.Build.Dense(many, few);
        for (var i = 0; i < many; i++)
        {
            var place = (i + 0.5) * few / many - 0.5;
            var first = (int)Math.Floor(place) - 1;
            for (var j = first; j < first + 4; j++) enlarge[i, Math.Clamp(j, 0, few - 1)] += Kernel(Math.Abs(place - j));
        }
        return enlarge * enlarge.TransposeThisAndMultiply(enlarge).Cholesky().Solve(enlarge.Transpose());
    }

    private static double Kernel(double x) => x switch
    {
        < 1 => (1.5 * x - 2.5) * x * x + 1,
        < 2 => ((-0.5 * x + 2.5) * x - 4) * x + 2,
        _ => 0,
    };
}
