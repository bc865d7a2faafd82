using Paramorph.Layers;

namespace Paramorph.Tests.Layers;

public class InitialiserTests
{
    private const int Inputs = 400;
    private const int Outputs = 100;

    /// <summary>An initialiser, the standard deviation that it states, and the largest modulus.</summary>
    public static TheoryData<string, double, double> Stated() => new()
    {
        { "glorot uniform", Math.Sqrt(2.0 / 500), Math.Sqrt(6.0 / 500) },
        { "glorot normal", Math.Sqrt(2.0 / 500), double.PositiveInfinity },
        { "he uniform", Math.Sqrt(2.0 / 400), Math.Sqrt(6.0 / 400) },
        { "he normal", Math.Sqrt(2.0 / 400), double.PositiveInfinity },
        { "lecun uniform", Math.Sqrt(1.0 / 400), Math.Sqrt(3.0 / 400) },
        { "lecun normal", Math.Sqrt(1.0 / 400), double.PositiveInfinity },
        { "uniform", 0.3 / Math.Sqrt(3), 0.3 },
        { "normal", 0.2, double.PositiveInfinity },
        { "truncated normal", 0.2 * Math.Sqrt(0.7737413), 0.4 },
        { "siren first", 1 / (400 * Math.Sqrt(3)), 1.0 / 400 },
        { "siren", Math.Sqrt(2.0 / 400) / 30, Math.Sqrt(6.0 / 400) / 30 },
    };

    [Fact]
    public void A_matrix_of_low_rank_has_that_rank_and_the_variance_of_its_gain()
    {
        var weights = Initialiser.LowRank(0.25, gain: 2).Draw(Key.Of(1), [Inputs, Outputs], new(Inputs, Outputs), ElementType.Float64);
        var values = LinearAlgebra.Svd(weights).Values.ToDoubles();
        Assert.Equal(25, values.Count(value => value > 1e-9 * values[0]));
        Assert.Equal(4.0 / Inputs, Tensor.Square(weights).Mean().Item(), 0.2 / Inputs);
    }

    [Fact]
    public void Permuted_blocks_are_zero_but_for_equal_shares_of_rows_and_columns()
    {
        var weights = Initialiser.PermutedBlocks(5, gain: 2).Draw(Key.Of(1), [Inputs, Outputs], new(Inputs, Outputs), ElementType.Float64);
        var isSet = Tensor.NotEqual(weights, 0.0).AsType(ElementType.Int32);
        Assert.All(isSet.Sum(0).ToArray<int>(), count => Assert.Equal(Inputs / 5, count));
        Assert.All(isSet.Sum(1).ToArray<int>(), count => Assert.Equal(Outputs / 5, count));
        Assert.Equal(4.0 / Inputs, Tensor.Square(weights).Mean().Item(), 0.3 / Inputs);
    }

    [Theory]
    [MemberData(nameof(Stated))]
    public void Drawn_numbers_have_the_stated_mean_and_variance(string name, double deviation, double largest)
    {
        foreach (var type in (ElementType[])[ElementType.Float32, ElementType.Float64])
        {
            var numbers = Drawn(Named(name), [Inputs, Outputs], new(Inputs, Outputs), type).ToDoubles();
            var mean = numbers.Average();
            var found = Math.Sqrt(numbers.Average(x => (x - mean) * (x - mean)));
            // Five standard errors of 40,000 numbers; that of a deviation is at most that of normal numbers.
            Assert.True(Math.Abs(mean) < 5 * deviation / 200, $"mean {mean}");
            Assert.True(Math.Abs(found / deviation - 1) < 5 / Math.Sqrt(2 * 40000.0), $"deviation {found} instead of {deviation}");
            Assert.True(numbers.Max(Math.Abs) <= largest * (1 + 1e-6), $"largest {numbers.Max(Math.Abs)} instead of {largest}");
        }
    }

    [Theory]
    [InlineData(5, 3)]
    [InlineData(3, 5)]
    [InlineData(4, 4)]
    public void An_orthogonal_matrix_has_orthonormal_rows_or_columns(int rows, int columns)
    {
        var matrix = Drawn(Initialiser.Orthogonal(2), [rows, columns], new(rows, columns), ElementType.Float64);
        var w = Loops.Elements(matrix);
        var (few, many) = (Math.Min(rows, columns), Math.Max(rows, columns));
        var gram = Loops.Fill([few, few], at => Enumerable.Range(0, many).Sum(k => rows < columns ? w([at[0], k]) * w([at[1], k]) : w([k, at[0]]) * w([k, at[1]])));
        Expect.Close(4.0 * Tensor.Eye(few, ElementType.Float64), gram, 1e-14);
    }

    [Fact]
    public void A_kernel_is_orthogonal_as_the_matrix_of_its_outputs()
    {
        var kernel = Drawn(Initialiser.Orthogonal(), [4, 2, 3, 3], Fans.OfKernel([4, 2, 3, 3]), ElementType.Float64).Reshape(4, 18);
        Expect.Close(Tensor.Eye(4, ElementType.Float64), kernel.Dot(kernel.T), 1e-14);
    }

    [Fact]
    public void The_signs_of_orthogonal_matrices_are_as_often_positive_as_negative()
    {
        var corners = Enumerable.Range(0, 200).Select(i => Drawn(Initialiser.Orthogonal(), [2, 2], new(2, 2), ElementType.Float64, i)[0, 0].Item());
        Assert.InRange(corners.Count(x => x > 0), 65, 135);
    }

    [Fact]
    public void Constants_are_what_they_say()
    {
        Assert.Equal([0.0, 0.0], Drawn(Initialiser.Zeros, [2], new(2, 2), ElementType.Float64).ToDoubles());
        Assert.Equal([1.0, 1.0], Drawn(Initialiser.Ones, [2], new(2, 2), ElementType.Float64).ToDoubles());
        Assert.Equal([0.1, 0.1], Drawn(Initialiser.Constant(0.1), [2], new(2, 2), ElementType.Float64).ToDoubles());
    }

    [Fact]
    public void Initialisers_are_values()
    {
        Assert.Equal(Initialiser.Normal(0.1), Initialiser.Normal(0.1));
        Assert.NotEqual(Initialiser.Normal(0.1), Initialiser.Normal(0.2));
        Assert.NotEqual(Initialiser.GlorotNormal, Initialiser.GlorotUniform);
    }

    [Fact]
    public void The_fans_of_a_kernel_count_its_places_and_its_group()
    {
        Assert.Equal(new Fans(3 * 25, 8 * 25), Fans.OfKernel([8, 3, 5, 5]));
        Assert.Equal(new Fans(25, 25), Fans.OfKernel([8, 1, 5, 5], groups: 8));
    }

    [Fact]
    public void A_vector_has_no_orthogonal_matrix()
    {
        var error = Assert.Throws<ShapeException>(() => Initialiser.Orthogonal().Draw(Key.Of(1), [3], new(1, 3)));
        Assert.Equal("orthogonal: a parameter [3] is no matrix: it takes two axes or more.", error.Message);
    }

    private static Tensor Drawn(Initialiser initialiser, Shape shape, Fans fans, ElementType type, int seed = 7) =>
        Initialise.Of(Key.Of(seed), key => initialiser.Draw(key, shape, fans, type));

    private static Initialiser Named(string name) => name switch
    {
        "glorot uniform" => Initialiser.GlorotUniform,
        "glorot normal" => Initialiser.GlorotNormal,
        "he uniform" => Initialiser.HeUniform,
        "he normal" => Initialiser.HeNormal,
        "lecun uniform" => Initialiser.LeCunUniform,
        "lecun normal" => Initialiser.LeCunNormal,
        "uniform" => Initialiser.Uniform(-0.3, 0.3),
        "normal" => Initialiser.Normal(0.2),
        "truncated normal" => Initialiser.TruncatedNormal(0.2),
        "siren first" => Initialiser.SirenFirst,
        _ => Initialiser.Siren(),
    };
}
