using System.Text;
using System.Text.Json;
using Paramorph.Formats;

namespace Paramorph.Shrink;

/// <summary>
/// Trained weights as codes of a few bits, and the file that keeps them so: post-training quantisation of weights alone. (Gholami et al., "A Survey of Quantization Methods for Efficient Neural
/// Network Inference", 2021, section III.) In the file, which is a safetensors file, such a weight is u8: its packed codes under its own name; the logarithm of the step stands beside it, and
/// the metadata tell bits and shape.
/// </summary>
public static class WeightCodes
{
    /// <summary>Numbers that share a step, at the fewest: with a step of 32 bits each code then takes one bit more.</summary>
    private const int FewestNumbers = 32;

    private const string Note = "paramorph.codes", Step = ".log_scale";

    /// <summary>
    /// A symmetric quantiser for each matrix and kernel of f32 with 32 numbers or more: with a step for each channel along the axis for which that errs least, of those whose channels have as many.
    /// </summary>
    /// <param name="tree">What has been trained.</param>
    /// <param name="bits">Bits of a code, 2 to 8.</param>
    /// <returns>The quantisers by the paths of the leaves.</returns>
    public static IReadOnlyDictionary<string, Quantiser> Quantisers<T>(T tree, int bits)
        where T : ITree<T> => FakeQuantised.Quantisers(
            tree, (_, weight) => Nearest(weight, bits), (_, leaf) => leaf.ElementType == ElementType.Float32 && leaf.Rank >= 2 && leaf.Count >= FewestNumbers);

    /// <summary>The tree with what the codes of its weights stand for in place of these.</summary>
    /// <param name="tree">What has been trained.</param>
    /// <param name="quantisers">Quantisers by the paths of leaves.</param>
    public static T Rounded<T>(T tree, IReadOnlyDictionary<string, Quantiser> quantisers)
        where T : ITree<T> => Tree.Rebuild(
            tree, [.. Tree.Names(tree).Zip(Tree.Leaves(tree), (name, leaf) => quantisers.TryGetValue(name, out var quantiser) ? quantiser.Dequantise(quantiser.Quantise(leaf)).Evaluate() : leaf)]);

    /// <summary>Writes the leaves of a tree under their paths, some as codes.</summary>
    /// <param name="path">The file, which appears whole or not at all.</param>
    /// <param name="tree">What has been trained.</param>
    /// <param name="quantisers">Quantisers by the paths of leaves; without any, it is the file of <see cref="SafeTensors.Save"/>.</param>
    public static void Save<T>(string path, T tree, IReadOnlyDictionary<string, Quantiser> quantisers)
        where T : ITree<T>
    {
        var tensors = new List<KeyValuePair<string, Tensor>>();
        var shapes = new Dictionary<string, int[]>(StringComparer.Ordinal);
        foreach (var (name, leaf) in Tree.Names(tree).Zip(Tree.Leaves(tree)))
        {
            if (!quantisers.TryGetValue(name, out var quantiser))
            {
                tensors.Add(new(name, leaf));
                continue;
            }
            tensors.Add(new(name, PackedCodes.Of(quantiser.Quantise(leaf), quantiser.Bits).Bytes));
            tensors.Add(new(name + Step, quantiser.LogScale));
            shapes.Add(name, [quantiser.Bits, .. leaf.Shape]);
        }
        SafeTensors.Write(path, tensors, shapes.Count == 0 ? [] : [new(Note, Text(shapes))]);
    }

    /// <summary>Reads a tree that <see cref="Save"/> wrote: weights are what their codes stand for.</summary>
    /// <param name="path">The file.</param>
    /// <param name="structure">A tree of the structure, from the types of the leaves by their paths.</param>
    /// <exception cref="UnreadableFileException">The file is damaged, or of another structure.</exception>
    public static T Load<T>(string path, Func<IReadOnlyDictionary<string, TensorType>, T> structure)
        where T : ITree<T>
    {
        var tensors = new Dictionary<string, Tensor>(SafeTensors.Read(path), StringComparer.Ordinal);
        if (SafeTensors.ReadMetadata(path).TryGetValue(Note, out var note))
            foreach (var (name, numbers) in Shapes(path, note)) Expand(path, tensors, name, numbers);
        return SafeTensors.Rebuilt(tensors, structure(tensors.ToDictionary(pair => pair.Key, pair => pair.Value.Type, StringComparer.Ordinal)), problem => new UnreadableFileException(path, "", problem));
    }

    private static void Expand(string path, Dictionary<string, Tensor> tensors, string name, int[] numbers)
    {
        UnreadableFileException Wrong(string problem) => new(path, $"'{name}'", problem);
        if (numbers is not [>= 2 and <= 8, ..] || Array.Exists(numbers, n => n < 0)) throw Wrong("its note in the metadata is not bits, 2 to 8, and a shape.");
        if (!tensors.TryGetValue(name, out var bytes) || !tensors.Remove(name + Step, out var step)) throw Wrong("codes or step are missing.");
        var count = numbers[1..].Aggregate(1L, (product, size) => Math.Min(int.MaxValue, product * size));
        if (bytes.Type != new TensorType(ElementType.UInt8, [(int)((count * numbers[0] + 7) / 8)])) throw Wrong($"{bytes.Type} are not the codes of {count} numbers of {numbers[0]} bits.");
        Shape shape = [.. numbers[1..]];
        if (step.ElementType != ElementType.Float32 || (step.Rank > 0 && (step.Rank != shape.Rank || step.Shape.Zip(shape).Any(sizes => sizes.First != 1 && sizes.First != sizes.Second))))
            throw Wrong($"{step.Type} are no steps of f32{shape}.");
        tensors[name] = new Quantiser(step, Tensor.Zeros(step.Shape, ElementType.Int32).Evaluate(), numbers[0], true).Dequantise(new PackedCodes(bytes, shape, numbers[0]).Unpack()).Evaluate();
    }

    private static Quantiser Nearest(Tensor weight, int bits) => Enumerable.Range(0, weight.Rank).Where(axis => weight.Count >= (long)FewestNumbers * weight.Shape[axis]).Select(axis => (int?)axis).Prepend(null)
        .Select(axis => Calibration.LeastSquares.Of(weight, bits, axis))
        .MinBy(quantiser => Tensor.Square(quantiser.Dequantise(quantiser.Quantise(weight)) - weight).Sum().Item())!;

    private static string Text(Dictionary<string, int[]> shapes)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, numbers) in shapes)
            {
                writer.WriteStartArray(name);
                foreach (var number in numbers) writer.WriteNumberValue(number);
                writer.WriteEndArray();
            }
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static Dictionary<string, int[]> Shapes(string path, string note)
    {
        try
        {
            using var json = JsonDocument.Parse(note);
            return json.RootElement.EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.EnumerateArray().Select(number => number.GetInt32()).ToArray(), StringComparer.Ordinal);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new UnreadableFileException(path, "metadata", $"the note of codes is no list of bits and shapes: {exception.Message}", exception);
        }
    }
}
