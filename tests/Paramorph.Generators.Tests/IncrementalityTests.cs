using Microsoft.CodeAnalysis;

namespace Paramorph.Generators.Tests;

/// <summary>Typing elsewhere costs nothing: what has not changed is not written again.</summary>
public sealed class IncrementalityTests
{
    private readonly GeneratorRun run = new(
        "[Tree] public sealed partial record Linear(Tensor Weight, (Tensor, int)[] Others, Dictionary<string, Tensor> Heads);"
        + "[Tree] public sealed partial record Bad(Tensor Weight, HashSet<Tensor> Set);");

    [Fact]
    public void An_unrelated_edit_changes_no_model_and_writes_no_file()
    {
        var models = run.Rerun(run.Compilation.AddSyntaxTrees(GeneratorRun.Parse("class Unrelated { int x = 1; }")));

        Assert.Equal(2, models.Length);
        Assert.All(models, reason => Assert.True(reason is IncrementalStepRunReason.Unchanged or IncrementalStepRunReason.Cached));
        Assert.NotEmpty(run.OutputReasons());
        Assert.All(run.OutputReasons(), reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
    }

    [Fact]
    public void A_method_added_to_a_record_writes_no_file()
    {
        Edit("Heads);", "Heads) { public int Twice(int x) => 2 * x; }");

        Assert.Equal(IncrementalStepRunReason.Cached, run.OutputReasons()[0]);
    }

    [Fact]
    public void A_member_added_to_a_record_writes_its_file_again()
    {
        Edit("Heads);", "Heads, Tensor Bias);");

        Assert.Equal(IncrementalStepRunReason.Modified, run.OutputReasons()[0]);
        Assert.Contains("Bias", run.Generated[0]);
    }

    private void Edit(string old, string now)
    {
        var tree = run.Compilation.SyntaxTrees[1];
        run.Rerun(run.Compilation.ReplaceSyntaxTree(tree, GeneratorRun.Parse(tree.ToString().Replace(old, now))));
    }
}
