using Paramorph.Data;

namespace Paramorph.Tests.Data;

public sealed class StandardisationTests
{
    private static readonly Tensor Data = Tensor.From(new[,] { { 1.0, 5, -3 }, { 2, 5, 0 }, { 6, 5, 9 } });

    [Fact]
    public void Features_get_mean_zero_and_deviation_one()
    {
        var z = Standardisation.Of(Data).Apply(Data);
        Expect.Close(Tensor.From(0.0, 0, 0), z.Mean(0), 1e-12);
        Expect.Close(Tensor.From(1.0, 0, 1), Tensor.Square(z).Mean(0), 1e-12);
    }

    [Fact]
    public void Inverting_gives_the_data_back()
    {
        var fitted = Standardisation.Of(Data);
        Expect.Close(Data, fitted.Invert(fitted.Apply(Data)), 1e-12);
    }

    [Fact]
    public void A_constant_feature_becomes_zero_even_with_rounding()
    {
        var constant = Tensor.Full([1000, 1], 0.1, ElementType.Float64);
        Assert.All(Standardisation.Of(constant).Apply(constant).ToArray<double>(), z => Assert.Equal(0, z, 12));
    }

    [Fact]
    public void A_large_offset_is_no_constant_in_double_precision()
    {
        var times = Tensor.From(new[,] { { 1.7e9 - 100 }, { 1.7e9 }, { 1.7e9 + 100 } });
        Numbers.Close([-Math.Sqrt(1.5), 0, Math.Sqrt(1.5)], Standardisation.Of(times).Apply(times).ToDoubles(), 1e-9);
    }

    [Fact]
    public void Channels_are_standardised_over_examples_and_places()
    {
        var images = Sample.Normal(Key.Of(1), [6, 2, 4, 4], ElementType.Float64) * Tensor.From(1.0, 10).Reshape(2, 1, 1) + 3.0;
        var fitted = Standardisation.OfChannels(images);
        Assert.Equal([2, 1, 1], fitted.Mean.Shape);
        var z = fitted.Apply(images);
        Expect.Close(Tensor.From(0.0, 0), z.Mean(0, 2, 3), 1e-12);
        Expect.Close(Tensor.From(1.0, 1), Tensor.Square(z).Mean(0, 2, 3), 1e-12);
    }

    [Fact]
    public void Integers_are_refused() => Assert.Throws<ElementTypeException>(() => Standardisation.Of(Tensor.Arange(4)));
}
