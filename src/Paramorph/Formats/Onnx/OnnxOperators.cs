namespace Paramorph.Formats;

/// <summary>
/// The table of operators: what each is in the tensor language, by its name in each domain. A family has a file of its own. Versions of one operator differ little,
/// and are told apart where they do; the oldest that is read is 7, since when operands broadcast as in NumPy.
/// </summary>
internal static partial class OnnxOperators
{
    private const string Learning = "ai.onnx.ml";

    private static readonly Dictionary<(string Domain, string Name), Func<OnnxNode, Tensor[]>> Table = new[]
    {
        Of("", Elementwise), Of("", Shapes), Of("", Indexing), Of("", Reductions), Of("", Products), Of("", Pooling), Of("", Norms), Of("", Recurrences),
        Of("", Resizing), Of("", Quantised), Of("", ControlFlow), Of("", Transforms), Of(Learning, Preprocessing),
    }.SelectMany(family => family).ToDictionary();

    /// <summary>An operator; null when it is not supported.</summary>
    public static Func<OnnxNode, Tensor[]>? Find(string domain, string name) => Table.GetValueOrDefault((OnnxProgram.Domain(domain), name));

    private static IEnumerable<KeyValuePair<(string, string), Func<OnnxNode, Tensor[]>>> Of(string domain, Dictionary<string, Func<OnnxNode, Tensor[]>> family) =>
        family.Select(pair => KeyValuePair.Create((domain, pair.Key), pair.Value));
}
