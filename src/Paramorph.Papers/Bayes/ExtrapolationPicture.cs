using Paramorph.Experiments;

namespace Paramorph.Papers.Bayes;

/// <summary>A curve in black, up to where it is known with large dots, over the median and the 90 % interval of its prediction.</summary>
internal static class ExtrapolationPicture
{
    /// <summary>Draws it.</summary>
    /// <param name="curve">The values.</param>
    /// <param name="known">Which are known.</param>
    /// <param name="quantiles">The lower end, the median and the upper end of each.</param>
    public static Picture Of(double[] curve, bool[] known, double[][] quantiles)
    {
        const int Width = 320, Height = 240;
        var picture = new Picture(Width, Height);
        (double X, double Y) Place(int epoch, double value) => (Width * (epoch + 0.5) / curve.Length, Height * (1.05 - value) / 1.1);
        for (var epoch = 0; epoch < curve.Length; epoch++)
        {
            if (!known[epoch])
            {
                var ((x, low), (_, high), (_, middle)) = (Place(epoch, quantiles[0][epoch]), Place(epoch, quantiles[2][epoch]), Place(epoch, quantiles[1][epoch]));
                for (var shift = -3; shift <= 3; shift++) picture.Line(x + shift, low, x + shift, high, new(190, 210, 240));
                picture.Line(x - 3, middle, x + 3, middle, Colour.Distinct[0]);
            }
            var (at, y) = Place(epoch, curve[epoch]);
            picture.Dot(at, y, known[epoch] ? 3 : 1.5, new(0, 0, 0));
        }
        return picture;
    }
}
