using Paramorph.Cpu;

namespace Paramorph.Tests.Cpu;

public sealed unsafe class TranspositionTests
{
    private const int Most = 21;

    [Fact]
    public void Every_shape_of_numbers_of_32_bits_is_copied_and_nothing_beside_it() => CopiesEveryShape<float>(i => i);

    [Fact]
    public void Every_shape_of_numbers_of_64_bits_is_copied_and_nothing_beside_it() => CopiesEveryShape<double>(i => i);

    private static void CopiesEveryShape<T>(Func<int, T> number)
        where T : unmanaged
    {
        // Rows of the source and of the target are further apart than they are long; the steps along a row are 1, the fast way, and 2.
        const int Apart = 2 * Most + 3;
        T[] source = [.. Enumerable.Range(0, Apart * Most).Select(number)];
        for (int rows = 0; rows <= Most; rows++)
        {
            for (int columns = 0; columns <= Most; columns++)
            {
                for (int step = 1; step <= 2; step++)
                {
                    var (target, expected) = (new T[Apart * Most], new T[Apart * Most]);
                    Array.Fill(target, number(-1));
                    Array.Fill(expected, number(-1));
                    for (int i = 0; i < rows; i++)
                    {
                        for (int j = 0; j < columns; j++)
                        {
                            expected[(j * Apart) + i] = source[(i * Apart) + (j * step)];
                        }
                    }
                    fixed (T* from = source, to = target)
                    {
                        Transposition.Copy(from, Apart, step, rows, columns, to, Apart);
                    }
                    Assert.Equal(expected, target);
                }
            }
        }
    }
}
