using System.Numerics;

namespace Paramorph.Tests.Cpu;

/// <summary>
/// Functions in fixed point with as many bits as asked for, by their power series: slow, plain and independent of every library. Numbers are
/// integers in units of 2^-<see cref="Bits"/>.
/// </summary>
internal sealed class Precise(int bits)
{
    private BigInteger? pi;
    private BigInteger? ln2;

    public int Bits { get; } = bits;

    public BigInteger One => BigInteger.One << Bits;

    private BigInteger Pi => pi ??= (Atan(One / 5) * 4 - Atan(One / 239)) * 4;

    private BigInteger Ln2 => ln2 ??= LogSeries(One / 3);

    /// <summary>The number that an f64 is.</summary>
    public BigInteger From(double x)
    {
        if (x == 0)
            return 0;
        long raw = BitConverter.DoubleToInt64Bits(x);
        int exponent = (int)(raw >> 52 & 0x7FF);
        BigInteger significand = (raw & 0xFFFFFFFFFFFFF) | (exponent == 0 ? 0 : 1L << 52);
        int shift = Bits + Math.Max(exponent, 1) - 1075;
        BigInteger value = shift >= 0 ? significand << shift : significand >> -shift;
        return x < 0 ? -value : value;
    }

    /// <summary>The distance from an f64 to a number in units of the last place of the f64 next to the number.</summary>
    public double Units(double y, BigInteger truth)
    {
        // The place of the leading bit decides the unit; below 2^-1022 it is 2^-1074.
        int exponent = (int)BigInteger.Abs(truth).GetBitLength() - 1 - Bits;
        int unit = Math.Max(exponent - 52, -1074);
        BigInteger difference = BigInteger.Abs(From(y) - truth) << 20;
        int shift = Bits + unit;
        return (double)(shift >= 0 ? difference >> shift : difference << -shift) / (1 << 20);
    }

    public BigInteger Multiply(BigInteger a, BigInteger b) => a * b >> Bits;

    public BigInteger Divide(BigInteger a, BigInteger b) => (a << Bits) / b;

    public BigInteger Sqrt(BigInteger a)
    {
        if (a.IsZero)
            return a;
        BigInteger target = a << Bits;
        BigInteger root = BigInteger.One << (int)(target.GetBitLength() / 2 + 1);
        for (; ; )
        {
            BigInteger next = (root + target / root) >> 1;
            if (next >= root)
                return root;
            root = next;
        }
    }

    public BigInteger Exp(BigInteger x)
    {
        BigInteger n = x / Ln2;
        BigInteger r = (x - n * Ln2) >> 16;
        BigInteger term = One;
        BigInteger sum = One;
        for (int k = 1; !term.IsZero && k < 10000; k++)
        {
            term = Multiply(term, r) / k;
            if (BigInteger.Abs(term) <= 1)
                term = 0;
            sum += term;
        }

        for (int k = 0; k < 16; k++)
            sum = Multiply(sum, sum);
        return n >= 0 ? sum << (int)n : sum >> (int)-n;
    }

    public BigInteger Log(BigInteger x)
    {
        int shift = (int)x.GetBitLength() - Bits;
        BigInteger m = shift >= 0 ? x >> shift : x << -shift;
        // The bits shifted out would be lost: the quotient is formed from x itself.
        BigInteger scale = shift >= 0 ? One << shift : One >> -shift;
        BigInteger s = shift >= 0 ? ((x - scale) << Bits) / (x + scale) : Divide(m - One, m + One);
        return LogSeries(s) + shift * Ln2;
    }

    public BigInteger Sin(BigInteger x) => SinCos(x, odd: true);

    public BigInteger Cos(BigInteger x) => SinCos(x, odd: false);

    public BigInteger Atan(BigInteger x)
    {
        if (x.Sign < 0)
            return -Atan(-x);
        if (x > One)
            return Pi / 2 - Atan(Divide(One, x));
        // Three halvings of the angle make the series short.
        int halvings = x > One / 16 ? 4 : 0;
        for (int k = 0; k < halvings; k++)
            x = Divide(x, One + Sqrt(One + Multiply(x, x)));
        BigInteger square = Multiply(x, x);
        BigInteger sum = 0;
        BigInteger power = x;
        for (int k = 0; !power.IsZero; k++)
        {
            sum += k % 2 == 0 ? power / (2 * k + 1) : -(power / (2 * k + 1));
            power = Multiply(power, square);
        }

        return sum << halvings;
    }

    public BigInteger Asin(BigInteger x)
    {
        BigInteger cos = Sqrt(Multiply(One - x, One + x));
        return cos.IsZero ? Pi / 2 * x.Sign : Atan(Divide(x, cos));
    }

    public BigInteger Acos(BigInteger x) => Pi / 2 - Asin(x);

    public BigInteger Atan2(BigInteger y, BigInteger x)
    {
        if (x.IsZero)
            return Pi / 2 * y.Sign;
        BigInteger angle = Atan(Divide(y, x));
        return x.Sign > 0 ? angle : angle + (y.Sign < 0 ? -Pi : Pi);
    }

    public BigInteger Sinh(BigInteger x) => (Exp(x) - Exp(-x)) / 2;

    public BigInteger Cosh(BigInteger x) => (Exp(x) + Exp(-x)) / 2;

    public BigInteger Tanh(BigInteger x) => Divide(Exp(2 * x) - One, Exp(2 * x) + One);

    public BigInteger Sigmoid(BigInteger x) => Divide(One, One + Exp(-x));

    /// <summary>2 / sqrt(pi) times the sum of (-1)^k x^(2k+1) / (k! (2k+1)).</summary>
    public BigInteger Erf(BigInteger x)
    {
        BigInteger square = Multiply(x, x);
        BigInteger term = x;
        BigInteger sum = x;
        for (int k = 1; BigInteger.Abs(term) > 1; k++)
        {
            term = -Multiply(term, square) / k;
            sum += term / (2 * k + 1);
        }

        return Divide(2 * sum, Sqrt(Pi));
    }

    private BigInteger SinCos(BigInteger x, bool odd)
    {
        x -= x / (2 * Pi) * (2 * Pi);
        BigInteger square = Multiply(x, x);
        BigInteger term = odd ? x : One;
        BigInteger sum = term;
        for (int k = odd ? 2 : 1; BigInteger.Abs(term) > 1; k += 2)
        {
            term = -Multiply(term, square) / (k * (k + 1));
            sum += term;
        }

        return sum;
    }

    /// <summary>log((1 + s) / (1 - s)).</summary>
    private BigInteger LogSeries(BigInteger s)
    {
        BigInteger square = Multiply(s, s);
        BigInteger sum = 0;
        BigInteger power = s;
        for (int k = 1; !power.IsZero && power != -1; k += 2)
        {
            sum += power / k;
            power = Multiply(power, square);
        }

        return 2 * sum;
    }
}
