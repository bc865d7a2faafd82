using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Paramorph.Generators.Tests;

/// <summary>One run of the generator over a source text, and the compilation that came out.</summary>
internal sealed class GeneratorRun
{
    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private static readonly CSharpParseOptions Parsing = new(LanguageVersion.Preview, DocumentationMode.Diagnose);

    public GeneratorRun(string source, params MetadataReference[] references)
    {
        Driver = CSharpGeneratorDriver.Create(
            [new TreeGenerator().AsSourceGenerator()],
            parseOptions: Parsing,
            driverOptions: new(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
        Compilation = CSharpCompilation.Create(
            "Sample",
            [Parse("global using System; global using System.Collections.Generic; global using Paramorph;"), Parse(source)],
            [.. References, .. references],
            new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        Driver = Driver.RunGeneratorsAndUpdateCompilation(Compilation, out var output, out _);
        Output = output;
    }

    public GeneratorDriver Driver { get; private set; }

    /// <summary>The compilation before the generator ran.</summary>
    public CSharpCompilation Compilation { get; }

    /// <summary>The compilation with what the generator wrote.</summary>
    public Compilation Output { get; }

    /// <summary>What the generator complains of.</summary>
    public ImmutableArray<Diagnostic> Diagnostics => Driver.GetRunResult().Diagnostics;

    /// <summary>The generated files.</summary>
    public string[] Generated => [.. Driver.GetRunResult().GeneratedTrees.Select(tree => tree.ToString())];

    public static SyntaxTree Parse(string source) => CSharpSyntaxTree.ParseText(source, Parsing);

    /// <summary>Runs again over a changed compilation and gives the reasons of the steps that make models.</summary>
    public IncrementalStepRunReason[] Rerun(Compilation changed)
    {
        Driver = Driver.RunGenerators(changed);
        return Reasons(Driver.GetRunResult().Results[0].TrackedSteps[TreeGenerator.ModelStep]);
    }

    /// <summary>The reasons of the steps that write files, in the last run.</summary>
    public IncrementalStepRunReason[] OutputReasons() =>
        Reasons(Driver.GetRunResult().Results[0].TrackedOutputSteps.SelectMany(step => step.Value));

    private static IncrementalStepRunReason[] Reasons(IEnumerable<IncrementalGeneratorRunStep> steps) =>
        [.. steps.SelectMany(step => step.Outputs).Select(output => output.Reason)];
}
