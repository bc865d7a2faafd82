namespace Paramorph.Methods;

/// <summary>
/// Points that fill a cube evenly, however many are taken: the sequence of Sobol', with the direction numbers of Joe and Kuo ("Constructing Sobol sequences with better two-dimensional
/// projections", 2008), each coordinate shifted by a random number of bits so that no point stands in a corner.
/// </summary>
public static class Sobol
{
    private const int Bits = 32;

    /// <summary>Degree, coefficients of the primitive polynomial, and first direction numbers, of the second coordinate on.</summary>
    private static readonly (int Degree, uint Polynomial, uint[] Numbers)[] Directions =
    [
        (1, 0, [1]), (2, 1, [1, 3]), (3, 1, [1, 3, 1]), (3, 2, [1, 1, 1]), (4, 1, [1, 1, 3, 3]), (4, 4, [1, 3, 5, 13]), (5, 2, [1, 1, 5, 5, 17]), (5, 4, [1, 1, 5, 5, 5]),
        (5, 7, [1, 1, 7, 11, 19]), (5, 11, [1, 1, 5, 1, 1]), (5, 13, [1, 1, 1, 3, 11]), (5, 14, [1, 3, 5, 5, 31]), (6, 1, [1, 3, 3, 9, 7, 49]), (6, 13, [1, 1, 1, 15, 21, 21]),
        (6, 16, [1, 3, 1, 13, 27, 49]),
    ];

    /// <summary>The largest number of coordinates.</summary>
    public static int MostDimensions => Directions.Length + 1;

    /// <summary>The first points of the sequence.</summary>
    /// <param name="key">Draws the shifts.</param>
    /// <param name="count">How many.</param>
    /// <param name="dimensions">Coordinates of each.</param>
    /// <returns>Coordinates from 0 to below 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are too many dimensions.</exception>
    public static double[][] Points(Key key, int count, int dimensions)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimensions, MostDimensions);
        var random = new Data.KeyRandom(key);
        var points = Enumerable.Range(0, count).Select(_ => new double[dimensions]).ToArray();
        for (var d = 0; d < dimensions; d++)
        {
            var directions = DirectionNumbers(d);
            var value = (uint)random.Bits();
            for (var i = 0; i < count; i++)
            {
                // Gray code: the next point differs by one direction, that of the lowest zero bit of the point's number.
                if (i > 0) value ^= directions[System.Numerics.BitOperations.TrailingZeroCount(~(uint)(i - 1))];
                points[i][d] = value / (double)(1L << Bits);
            }
        }
        return points;
    }

    private static uint[] DirectionNumbers(int dimension)
    {
        var numbers = new uint[Bits];
        if (dimension == 0)
        {
            for (var i = 0; i < Bits; i++) numbers[i] = 1u << (Bits - 1 - i);
            return numbers;
        }
        var (degree, polynomial, first) = Directions[dimension - 1];
        for (var i = 0; i < Bits; i++)
        {
            if (i < degree)
            {
                numbers[i] = first[i] << (Bits - 1 - i);
                continue;
            }
            numbers[i] = numbers[i - degree] ^ (numbers[i - degree] >> degree);
            for (var k = 1; k < degree; k++)
                if (((polynomial >> (degree - 1 - k)) & 1) == 1) numbers[i] ^= numbers[i - k];
        }
        return numbers;
    }
}
