namespace Paramorph.Data;

/// <summary>Random bits and their sums modulo a number: tasks of which a part of the input tells nothing.</summary>
public static class Parity
{
    /// <summary>Sequences whose running sum is to be told after every symbol; for modulus 2 the parity of the ones so far.</summary>
    /// <param name="key">The key.</param>
    /// <param name="count">n.</param>
    /// <param name="length">Symbols in a sequence.</param>
    /// <param name="modulus">Symbols are 0 to modulus - 1, and so are sums.</param>
    /// <returns>Symbols and running sums, i32 [n, length] each.</returns>
    public static (Tensor Symbols, Tensor Sums) Running(Key key, int count, int length, int modulus = 2)
    {
        var random = new KeyRandom(key);
        var (symbols, sums) = (new int[count * length], new int[count * length]);
        for (var i = 0; i < symbols.Length; i++)
        {
            symbols[i] = random.Integer(modulus);
            sums[i] = (symbols[i] + (i % length == 0 ? 0 : sums[i - 1])) % modulus;
        }
        return (Tensor.From(symbols, [count, length]), Tensor.From(sums, [count, length]));
    }

    /// <summary>Inputs of signs whose class is 1 when the product of a few of them, the first ones, is negative (Barak et al., "Hidden progress in deep learning: SGD learns parities near the computational limit", 2022).</summary>
    /// <param name="key">The key.</param>
    /// <param name="count">n.</param>
    /// <param name="dimensions">Signs in an input.</param>
    /// <param name="relevant">How many of them decide.</param>
    /// <returns>Inputs -1 or 1, f32 [n, dimensions].</returns>
    public static LabelledData Sparse(Key key, int count, int dimensions, int relevant)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(relevant, dimensions);
        var random = new KeyRandom(key);
        return LabelledData.Filled(count, [dimensions], (_, input) =>
        {
            var label = 0;
            for (var i = 0; i < dimensions; i++)
            {
                var bit = random.Integer(2);
                input[i] = 1 - 2 * bit;
                if (i < relevant) label ^= bit;
            }
            return label;
        });
    }
}
