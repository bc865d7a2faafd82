namespace Paramorph.Cpu;

/// <summary>
/// Reduction of arguments of any size modulo pi / 2 (Payne and Hanek, "Radian reduction for trigonometric functions"): of the product of the
/// 53-bit significand with 2 / pi only the 192 bits around the point are formed, in integers.
/// </summary>
internal static class PayneHanek
{
    /// <summary>2 / pi, after one word of zeros that lets the window begin before the point.</summary>
    private static ReadOnlySpan<ulong> TwoOverPi =>
    [
        0,
        0xA2F9836E4E441529, 0xFC2757D1F534DDC0, 0xDB6295993C439041, 0xFE5163ABDEBBC561,
        0xB7246E3A424DD2E0, 0x06492EEA09D1921C, 0xFE1DEB1CB129A73E, 0xE88235F52EBB4484,
        0xE99C7026B45F7E41, 0x3991D639835339F4, 0x9C845F8BBDF9283B, 0x1FF897FFDE05980F,
        0xEF2F118B5A0A6D1F, 0x6D367ECF27CB09B7, 0x4F463F669E5FEA2D, 0x7527BAC7EBE5F17B,
        0x3D0739F78A5292EA, 0x6BFB5FB11F8D5D08, 0x56033046FC7B6BAB, 0xF0CFBC209AF4361D,
    ];

    /// <summary>Finds n mod 4 and r + low with |x| = n pi / 2 + r + low and |r| at most pi / 4, for finite |x| of at least 2^15.</summary>
    public static long Reduce(double x, out double r, out double low)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(x);
        ulong significand = (bits & 0x000FFFFFFFFFFFFF) | 0x0010000000000000;
        int exponent = (int)((bits >> 52) & 0x7FF) - 1075;

        // |x| 2 / pi mod 4 is significand * window * 2^-190 where the window's first bit has the weight 2^(1 - exponent).
        int position = 64 + exponent - 2;
        (int word, int shift) = (position >> 6, position & 63);
        ulong w0 = Window(word, shift);
        ulong w1 = Window(word + 1, shift);
        ulong w2 = Window(word + 2, shift);
        UInt128 p2 = (UInt128)significand * w2;
        UInt128 p1 = (UInt128)significand * w1 + (ulong)(p2 >> 64);
        ulong high = unchecked(significand * w0 + (ulong)(p1 >> 64));
        var fraction = new UInt128(high << 2 | (ulong)p1 >> 62, (ulong)p1 << 2 | (ulong)p2 >> 62);
        long quadrant = (long)(high >> 62);

        bool negative = (fraction >> 127) != 0;
        if (negative)
        {
            fraction = unchecked(UInt128.Zero - fraction);
            quadrant++;
        }

        int zeros = (int)UInt128.LeadingZeroCount(fraction);
        fraction <<= zeros;
        double scale = negative ? -1.0 : 1.0;
        double turnHigh = scale * Math.ScaleB((double)(ulong)(fraction >> 75), 75 - 128 - zeros);
        double turnLow = scale * Math.ScaleB((double)(ulong)((fraction >> 22) & 0x001FFFFFFFFFFFFF), 22 - 128 - zeros);

        const double HalfPi = 1.5707963267948966;
        const double HalfPiLow = 6.123233995736766e-17;
        r = turnHigh * HalfPi;
        low = Math.FusedMultiplyAdd(turnHigh, HalfPi, -r) + turnHigh * HalfPiLow + turnLow * HalfPi;
        double sum = r + low;
        low = (r - sum) + low;
        r = sum;
        return quadrant;
    }

    private static ulong Window(int word, int shift) =>
        shift == 0 ? TwoOverPi[word] : TwoOverPi[word] << shift | TwoOverPi[word + 1] >> (64 - shift);
}
