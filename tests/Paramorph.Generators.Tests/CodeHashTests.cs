using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Paramorph.Generators.Tests;

public sealed class CodeHashTests
{
    private const string Source = """
        [Paramorph.Experiments.Paper("p")]
        public static class P
        {
            public static Paramorph.Experiments.IExperiment Experiment => new Paramorph.Experiments.Experiment { Steps = 3, Why = "it is so.", };
        }
        """;

    [Fact]
    public void Code_counts_and_layout_comments_and_reasons_do_not()
    {
        var known = Hash(Source);
        Assert.Matches("^[0-9a-f]{16}$", known);
        Assert.Equal(known, Hash(Source.Replace("Steps = 3,", "\n\nSteps =   3, /* as in the paper */", StringComparison.Ordinal)));
        Assert.Equal(known, Hash(Source.Replace("it is so.", "it was otherwise.", StringComparison.Ordinal)));
        Assert.Equal(known, Hash(Source.Replace(" Why = \"it is so.\",", "", StringComparison.Ordinal)));
        Assert.NotEqual(known, Hash(Source.Replace("Steps = 3", "Steps = 4", StringComparison.Ordinal)));
    }

    /// <summary>The fingerprint that the generator writes of the paper p.</summary>
    private static string Hash(string source)
    {
        const string Attributes = """
            namespace Paramorph.Experiments
            {
                public sealed class PaperAttribute(string id) : System.Attribute { public string Id { get; } = id; }
                public interface IExperiment;
                public sealed class Experiment : IExperiment { public int Steps { get; init; } public string? Why { get; init; } }
            }
            """;
        var compilation = CSharpCompilation.Create("Sample", [GeneratorRun.Parse(Attributes), GeneratorRun.Parse(source)], [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)]);
        var run = CSharpGeneratorDriver.Create([new PaperGenerator().AsSourceGenerator()], parseOptions: (CSharpParseOptions)GeneratorRun.Parse("").Options).RunGenerators(compilation).GetRunResult();
        var text = Assert.Single(run.GeneratedTrees).ToString();
        return text.Split("Codes")[1].Split("{ \"p\", \"")[1].Split('"')[0];
    }
}
