using Paramorph.Data;

namespace Paramorph.Problems;

/// <summary>Pairs of fields as a file holds them: which arrays are inputs and which outputs, and which axes are the grid.</summary>
/// <param name="Inputs">f64 [n, input...] as in the file.</param>
/// <param name="Outputs">f64 [n, output...] as in the file.</param>
/// <param name="InputLayout">What the axes of an input are.</param>
/// <param name="OutputLayout">What the axes of an output are.</param>
/// <param name="Known">How many of the first pairs train or choose where the file has others that judge; else null.</param>
internal sealed record FieldPairs(Tensor Inputs, Tensor Outputs, FieldLayout InputLayout, FieldLayout OutputLayout, int? Known)
{
    private const int FewestPairs = 12, MostAxes = 3, MostImageChannels = 4;

    private static readonly (string Input, string Output)[] UsualNames = [("x", "y"), ("input", "output"), ("inputs", "outputs"), ("a", "u"), ("u0", "u"), ("f", "u"), ("coeff", "sol")];

    /// <summary>The arrays of a content that hold pairs; null where there are none.</summary>
    /// <param name="content">The content.</param>
    /// <param name="options">May name the arrays.</param>
    public static (string[] Inputs, string[] Outputs)? Names(DataContent content, ProblemOptions options)
    {
        if (content is not DataContent.OfArrays { Arrays: var arrays }) return null;
        if (options.Targets.Count > 0 || options.Settings.ContainsKey("input"))
        {
            if (options.Targets.Count != 1 || !options.Settings.TryGetValue("input", out var input)) return null;
            return ([input], [options.Targets[0]]);
        }
        bool Has(string name) => arrays.TryGetValue(name, out var array) && array.Rank >= 2;
        foreach (var (input, output) in UsualNames)
        {
            foreach (var (train, test) in ((string, string)[])[("train_{0}", "test_{0}"), ("{0}_train", "{0}_test")])
            {
                string[] Parts(string name) => [train.Replace("{0}", name, StringComparison.Ordinal), test.Replace("{0}", name, StringComparison.Ordinal)];
                if (Parts(input).Concat(Parts(output)).All(Has)) return (Parts(input), Parts(output));
            }
            if (Has(input) && Has(output)) return ([input], [output]);
        }
        return null;
    }

    /// <summary>Understands a content.</summary>
    /// <param name="content">Arrays.</param>
    /// <param name="options">What was said of it.</param>
    /// <param name="notes">Takes what was understood.</param>
    /// <exception cref="ProblemException">It holds no pairs of fields.</exception>
    public static FieldPairs Of(DataContent content, ProblemOptions options, ICollection<string> notes)
    {
        if (content is not DataContent.OfArrays arrays) throw new ProblemException($"{content.Path} holds {content.Description}, and pairs of fields are arrays: NPZ or MATLAB.");
        var (inputNames, outputNames) = Names(content, options)
            ?? throw new ProblemException($"{content.Path} holds {content.Description}: name the pair with --set input=NAME --target NAME, or call the arrays x and y, or train_x, train_y, test_x and test_y.");
        Tensor[] inputs = [.. inputNames.Select(name => Field(content.Path, name, arrays.Array(name)))], outputs = [.. outputNames.Select(name => Field(content.Path, name, arrays.Array(name)))];
        for (var part = 0; part < inputs.Length; part++)
        {
            if (inputs[part].Shape[0] != outputs[part].Shape[0])
                throw new ProblemException($"{inputNames[part]} is {inputs[part].Type} and {outputNames[part]} is {outputs[part].Type} in {content.Path}: both must have one field for each pair on their first axis.");
            if (inputs[part].Shape[1..] != inputs[0].Shape[1..] || outputs[part].Shape[1..] != outputs[0].Shape[1..])
                throw new ProblemException($"{inputNames[0]} and {inputNames[part]}, or {outputNames[0]} and {outputNames[part]}, lie on different grids in {content.Path}.");
        }
        var (input, output) = Layouts(content.Path, inputs[0].Shape[1..], outputs[0].Shape[1..], options);
        var pairs = new FieldPairs(Joined(inputs), Joined(outputs), input, output, inputs.Length > 1 ? inputs[0].Shape[0] : null);
        if (pairs.Inputs.Shape[0] < FewestPairs) throw new ProblemException($"{content.Path} has {Counted.Of(pairs.Inputs.Shape[0], "pair", "pairs")} of fields; at least {FewestPairs} are needed to learn, to choose and to judge.");
        foreach (var (fields, what, names) in ((Tensor, string, string[])[])[(pairs.Inputs, "input", inputNames), (pairs.Outputs, "output", outputNames)])
            if (AreOne(fields)) throw new ProblemException($"there is nothing to learn from {content.Path}: every pair has the same {what} {string.Join(" and ", names)}.");
        notes.Add($"{string.Join(" and ", inputNames)} are the inputs and {string.Join(" and ", outputNames)} the outputs: {pairs.Inputs.Shape[0]} pairs of fields on a grid of {string.Join(" x ", input.Grid)}, from {Channels(input)} to {Channels(output)}");
        if (arrays.Arrays.Keys.Except(inputNames).Except(outputNames).ToArray() is { Length: > 0 } others) notes.Add($"not used: {string.Join(", ", others.Take(6))}");
        if (pairs.FirstOutputIsInput()) notes.Add("the first channel of the outputs repeats the input, as the first time of a run does: it is kept, since it belongs to the answers");
        return pairs;
    }

    /// <summary>Which pairs train, choose and judge.</summary>
    public Split Split(ProblemOptions options, ICollection<string> notes)
    {
        if (Known is not { } known)
        {
            notes.Add($"pairs are split at random: {options.Shares}");
            return options.Draw(Inputs.Shape[0]);
        }
        notes.Add($"the file says which {(Inputs.Shape[0] - known == 1 ? "pair judges" : $"{Inputs.Shape[0] - known} pairs judge")} at the end; of the others {Math.Round(100 * options.ValidationShare)} %, drawn at random, choose among models{(options.TestShare is null ? "" : "; --test divides nothing")}");
        static Tensor Rows(int from, int to) => Tensor.From<int>([.. Enumerable.Range(from, to - from)]);
        return new Split(Rows(0, known), Rows(0, 0), Rows(known, Inputs.Shape[0])).WithValidation(options.Key, options.ValidationShare);
    }

    private static string Channels(FieldLayout layout) => Counted.Of(layout.Channels, "channel", "channels");

    private static Tensor Joined(Tensor[] parts) => (parts.Length == 1 ? parts[0] : Tensor.Concatenate(parts)).Evaluate();

    private static Tensor Field(string path, string name, Tensor array)
    {
        if (array.ElementType.IsComplex()) throw new ProblemException($"{name} of {path} is {array.Type}: fields have real numbers; give real and imaginary parts as two channels.");
        if (array.Rank < 2) throw new ProblemException($"{name} of {path} is {array.Type}: fields are [n, grid...] or [n, channels, grid...], with one field for each pair.");
        FiniteNumbers.Require(path, name, "field", array);
        var values = array.AsType(ElementType.Float64).Evaluate();
        Magnitude.Require($"{name} of {path}", values);
        return values;
    }

    /// <summary>
    /// What the axes are. Input and output share the grid: what is common to the ends of both shapes, or to their beginnings where channels stand last. Of equal shapes it may be told by
    /// <c>axes</c>; else a first or last axis of up to four places beside two longer ones is that of channels, and all others are space.
    /// </summary>
    private static (FieldLayout Input, FieldLayout Output) Layouts(string path, Shape input, Shape output, ProblemOptions options)
    {
        var told = options.Settings.ContainsKey("axes") ? options.Whole("axes", 1) : 0;
        if (told > MostAxes) throw new ProblemException($"axes is 1, 2 or 3, not {told}: grids have up to three axes.");
        var ends = Enumerable.Range(0, Math.Min(input.Rank, output.Rank)).TakeWhile(i => input[^(i + 1)] == output[^(i + 1)]).Count();
        var beginnings = Enumerable.Range(0, Math.Min(input.Rank, output.Rank)).TakeWhile(i => input[i] == output[i]).Count();
        var axes = told > 0 ? told : input == output ? Spatial(input) : Math.Max(ends, beginnings);
        var isLast = input == output && told == 0 ? input.Rank > axes && input[^1] < input[0] : beginnings > ends;
        if (axes == 0 || axes > MostAxes || Math.Max(ends, beginnings) < axes || input.Rank > axes + 1 || output.Rank > axes + 1)
            throw new ProblemException($"inputs of shape {input} and outputs of shape {output} in {path} share no grid: they are [grid...] or [channels, grid...] on the same grid of one to three axes.");
        return (FieldLayout.Of(input, axes, isLast), FieldLayout.Of(output, axes, isLast));
    }

    private static int Spatial(Shape shape) => shape.Rank switch
    {
        <= 2 => shape.Rank == 2 && shape[0] <= MostImageChannels && shape[1] > 2 * shape[0] ? 1 : shape.Rank,
        3 => Math.Min(shape[0], shape[2]) <= MostImageChannels ? 2 : 3,
        _ => 3,
    };

    /// <summary>Whether all fields are the same.</summary>
    private static bool AreOne(Tensor fields)
    {
        var (values, size) = (fields.ToDoubles(), fields.Count / fields.Shape[0]);
        return Enumerable.Range(size, values.Length - size).All(i => values[i] == values[i % size]);
    }

    private bool FirstOutputIsInput()
    {
        if (InputLayout.Channels != 1 || OutputLayout.Channels < 2) return false;
        var (input, output, places) = (InputLayout.Arranged(Inputs).ToDoubles(), OutputLayout.Arranged(Outputs).ToDoubles(), InputLayout.Grid.Aggregate(1, (a, b) => a * b));
        var size = Math.Sqrt(input.Average(value => value * value));
        return Enumerable.Range(0, input.Length).All(i => Math.Abs(input[i] - output[i / places * places * OutputLayout.Channels + i % places]) <= 1e-4 * size);
    }
}
