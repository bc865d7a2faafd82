namespace Paramorph.Data;

/// <summary>
/// All pairs of residues and the result of an operation on them: the tables on which networks generalise long after they have memorised (Power et al.,
/// "Grokking: generalization beyond overfitting on small algorithmic datasets", 2022).
/// </summary>
/// <param name="Operands">i32 [modulus^2, 2], in row-major order.</param>
/// <param name="Results">i32 [modulus^2].</param>
[Tree]
public sealed partial record ModularArithmetic(Tensor Operands, Tensor Results)
{
    /// <summary>(a + b) mod p.</summary>
    public static ModularArithmetic Addition(int modulus) => Of(modulus, (a, b) => (long)a + b);

    /// <summary>(a b) mod p.</summary>
    public static ModularArithmetic Multiplication(int modulus) => Of(modulus, (a, b) => (long)a * b);

    /// <summary>Any operation, mod p.</summary>
    /// <param name="modulus">p, at least 2.</param>
    /// <param name="operation">Of two residues; negative results are brought into 0 to p - 1, too.</param>
    public static ModularArithmetic Of(int modulus, Func<int, int, long> operation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(modulus, 2);
        var (operands, results) = (new int[2 * modulus * modulus], new int[modulus * modulus]);
        for (var i = 0; i < results.Length; i++)
        {
            (operands[2 * i], operands[2 * i + 1]) = (i / modulus, i % modulus);
            results[i] = (int)((operation(i / modulus, i % modulus) % modulus + modulus) % modulus);
        }
        return new(Tensor.From(operands, [results.Length, 2]), Tensor.From(results));
    }
}
