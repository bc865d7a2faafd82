using Paramorph.Methods;
using Paramorph.Problems;

namespace Paramorph.Tests.Methods;

public sealed class HyperparameterTests
{
    private static readonly Hyperparameter Rate = Hyperparameter.Number("rate", "learning rate", 1e-2, 1e-4, 1);
    private static readonly Hyperparameter Width = Hyperparameter.Whole("width", "neurons", 32, 8, 128);
    private static readonly Hyperparameter Basis = Hyperparameter.Word("basis", "functions", "splines", "sines", "hats");

    [Fact]
    public void A_logarithmic_range_is_gone_through_by_factors()
    {
        Assert.Equal(1e-4, Rate.At(0), 1e-12);
        Assert.Equal(1e-2, Rate.At(0.5), 1e-9);
        Assert.Equal(1, Rate.At(1), 1e-12);
        Assert.Equal(32, Width.At(0.5));
    }

    [Fact]
    public void Words_share_the_range_evenly() => Assert.Equal([0.0, 0, 1, 2, 2], ((double[])[0, 0.32, 0.34, 0.99, 1]).Select(Basis.At));

    [Fact]
    public void Ends_of_a_range_are_edges_and_words_are_not()
    {
        Assert.True(Rate.IsEdge(1e-4) && Rate.IsEdge(1) && !Rate.IsEdge(0.1));
        Assert.False(Basis.IsEdge(0));
    }

    [Theory]
    [InlineData("width", "12.5")]
    [InlineData("width", "-3")]
    [InlineData("width", "0")]
    [InlineData("rate", "fast")]
    [InlineData("basis", "cubes")]
    public void Texts_that_are_no_value_are_refused(string name, string text)
    {
        var parameter = ((Hyperparameter[])[Rate, Width, Basis]).First(parameter => parameter.Name == name);
        Assert.Contains(name, Assert.Throws<ProblemException>(() => parameter.Parse(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_of_a_long_list_are_said_and_not_searched()
    {
        var dye = Hyperparameter.Named("dye", "colour", "red", ["blue", "red", "green"], "the shop");
        Assert.Equal((1, "red", 2), (dye.Default, dye.Text(dye.Default), dye.Parse("green")));
        Assert.True(Basis.IsSearched && !dye.IsSearched);
        Assert.Equal("there is no dye pink: the shop names them.", Assert.Throws<ProblemException>(() => dye.Parse("pink")).Message);
        Assert.Contains("3 that the shop names", dye.Range, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Hyperparameter.Named("dye", "colour", "pink", ["blue"], "the shop"));
    }

    [Fact]
    public void A_configuration_is_equal_to_another_with_the_same_values()
    {
        Hyperparameter[] parameters = [Rate, Width, Basis];
        var usual = Configuration.Default(parameters);
        Assert.Equal("rate 0.01, width 32, basis splines", usual.ToString());
        Assert.Equal("hats", usual.With("basis", 2).Word("basis"));
        Assert.Equal(usual, usual.With("width", 64).With("width", 32));
        Assert.NotEqual(usual, usual.With("width", 64));
        Assert.Throws<KeyNotFoundException>(() => usual["depth"]);
    }

    [Fact]
    public void Methods_have_names_of_their_own_and_kinds_that_exist()
    {
        Assert.Equal(Method.All.Count, Method.All.Select(method => method.Name).Distinct().Count());
        foreach (var method in Method.All)
        {
            Assert.All(method.Kinds, kind => Assert.True(ProblemKind.All.ContainsKey(kind), $"{method.Name}: {kind}"));
            Assert.Equal(method.Hyperparameters.Count, method.Hyperparameters.Select(parameter => parameter.Name).Distinct().Count());
            Assert.Matches("^[a-z0-9-]+$", method.Name);
            Assert.True(method.Meaning.EndsWith('.'), method.Name);
        }
    }
}
