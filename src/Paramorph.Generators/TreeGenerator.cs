using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Paramorph.Generators;

/// <summary>Writes the members of <c>ITree&lt;TSelf&gt;</c> for every partial record marked <c>[Tree]</c>.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class TreeGenerator : IIncrementalGenerator
{
    internal const string ModelStep = "TreeModel";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var trees = context.SyntaxProvider
            .ForAttributeWithMetadataName(TreeTypes.Attribute, static (node, _) => node is TypeDeclarationSyntax, TreeAnalysis.Analyse)
            .WithTrackingName(ModelStep);
        context.RegisterSourceOutput(trees, static (output, tree) =>
        {
            foreach (var diagnostic in tree.Diagnostics) output.ReportDiagnostic(diagnostic.ToDiagnostic());
            if (tree.Model is { } model) output.AddSource(model.FileName, SourceText.From(TreeEmitter.Emit(model), Encoding.UTF8));
        });

        var strays = context.SyntaxProvider
            .CreateSyntaxProvider(static (node, _) => node is RecordDeclarationSyntax { BaseList: not null }, TreeAnalysis.DerivedWithoutAttribute)
            .Where(static diagnostic => diagnostic is not null);
        context.RegisterSourceOutput(strays, static (output, diagnostic) => output.ReportDiagnostic(diagnostic!.ToDiagnostic()));
    }
}
