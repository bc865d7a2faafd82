namespace Paramorph.Tests;

public class PromotionTests
{
    private static readonly ElementType[] Types = Enum.GetValues<ElementType>();

    /// <summary>The documented table, row by row.</summary>
    private static readonly string[][] Rows =
    [
        ["bool", "u8", "i8", "i32", "i64", "f32", "f64", "c64", "c128"],
        ["u8", "u8", "i32", "i32", "i64", "f32", "f64", "c64", "c128"],
        ["i8", "i32", "i8", "i32", "i64", "f32", "f64", "c64", "c128"],
        ["i32", "i32", "i32", "i32", "i64", "f32", "f64", "c64", "c128"],
        ["i64", "i64", "i64", "i64", "i64", "f32", "f64", "c64", "c128"],
        ["f32", "f32", "f32", "f32", "f32", "f32", "-", "c64", "-"],
        ["f64", "f64", "f64", "f64", "f64", "-", "f64", "-", "c128"],
        ["c64", "c64", "c64", "c64", "c64", "c64", "-", "c64", "-"],
        ["c128", "c128", "c128", "c128", "c128", "-", "c128", "-", "c128"],
    ];

    [Fact]
    public void Every_pair_of_types_promotes_as_the_table_says()
    {
        for (var i = 0; i < Types.Length; i++)
        {
            for (var j = 0; j < Types.Length; j++)
            {
                Tensor Joined() => Tensor.Concatenate([Tensor.Ones([1], Types[i]), Tensor.Ones([1], Types[j])]);
                Tensor Compared() => Tensor.Equal(Tensor.Ones([1], Types[i]), Tensor.Ones([1], Types[j]));
                if (Rows[i][j] == "-")
                {
                    Assert.Throws<ElementTypeException>(Joined);
                    Assert.Throws<ElementTypeException>(Compared);
                    continue;
                }
                Assert.Equal(Rows[i][j], Joined().ElementType.ShortName());
                Assert.True(Compared().Item<bool>());
            }
        }
    }

    [Theory]
    [InlineData(ElementType.Bool, "i32", "f32", "c64", "bool")]
    [InlineData(ElementType.UInt8, "u8", "f32", "c64", "u8")]
    [InlineData(ElementType.Int64, "i64", "f32", "c64", "i64")]
    [InlineData(ElementType.Float32, "f32", "f32", "c64", "f32")]
    [InlineData(ElementType.Float64, "f64", "f64", "c128", "f64")]
    [InlineData(ElementType.Complex64, "c64", "c64", "c64", "c64")]
    [InlineData(ElementType.Complex128, "c128", "c128", "c128", "c128")]
    public void Literals_adapt_to_what_they_stand_beside(ElementType type, string integer, string real, string complex, string truth)
    {
        var x = Tensor.Ones([2], type);
        Assert.Equal(integer, Tensor.Where(true, x, 1).ElementType.ShortName());
        Assert.Equal(integer, Tensor.Where(true, 1L, x).ElementType.ShortName());
        Assert.Equal(real, Tensor.Where(true, x, 1.5).ElementType.ShortName());
        Assert.Equal(real, Tensor.Where(true, 1.5f, x).ElementType.ShortName());
        Assert.Equal(complex, Tensor.Where(true, x, new System.Numerics.Complex(0, 1)).ElementType.ShortName());
        Assert.Equal(truth, Tensor.Where(true, x, false).ElementType.ShortName());
    }

    [Fact]
    public void A_literal_keeps_all_its_digits()
    {
        Assert.Equal(0.1, (Tensor.Zeros([], ElementType.Float64) + 0.1).Item());
        Assert.Equal(long.MaxValue, (Tensor.Zeros([], ElementType.Int64) + long.MaxValue).Item<long>());
        Assert.Equal(0.1, Tensor.Stack([Tensor.Scalar(1.0), 0.1])[1].Item());
    }

    [Fact]
    public void A_scalar_of_a_stated_type_does_not_adapt() =>
        Assert.Throws<ElementTypeException>(() => Tensor.Ones([2]) * Tensor.Scalar(2.0));

    [Fact]
    public void Integers_become_single_precision_in_functions_of_real_numbers()
    {
        foreach (var type in Types.Where(t => !t.IsDifferentiable()))
        {
            Assert.Equal(ElementType.Float32, (Tensor.Ones([2], type) / Tensor.Ones([2], type)).ElementType);
            Assert.Equal(ElementType.Float32, Tensor.Sin(Tensor.Ones([2], type)).ElementType);
            Assert.Equal(ElementType.Float32, Tensor.Ones([2], type).Mean().ElementType);
        }
    }

    [Fact]
    public void Single_precision_is_rounded_after_every_operation()
    {
        var third = Tensor.Ones([]) / 3.0;
        Assert.Equal(1f / 3f, third.Item<float>());
        Assert.Equal(1f / 3f * 3f + 1e-9f, (third * 3.0 + 1e-9).Item<float>());
    }
}
