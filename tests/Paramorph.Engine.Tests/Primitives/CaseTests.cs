namespace Paramorph.Tests.Primitives;

/// <summary>Every case in every way.</summary>
public class CaseTests
{
    public static TheoryData<string> Names() => [.. Cases.All.Select(c => c.ToString())];

    [Theory]
    [MemberData(nameof(Names))]
    public void Values_agree_with_an_independent_truth(string name)
    {
        var @case = Cases.Find(name);
        if (@case.Truth is null) return;
        var (expected, actual) = (@case.Truth(@case.Inputs), @case.Function(@case.Inputs));
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++) Expect.Close(expected[i], actual[i], @case.Tolerance);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Derivatives_agree_with_differences_and_with_each_other(string name)
    {
        var @case = Cases.Find(name);
        if (@case.IsDifferentiable) Expect.Derivatives(@case.Function, @case.Inputs, @case.DerivativeTolerance);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_batch_agrees_with_a_loop(string name)
    {
        var @case = Cases.Find(name);
        if (@case.IsBatched) Expect.Batching(@case.Function, @case.Inputs);
    }
}
