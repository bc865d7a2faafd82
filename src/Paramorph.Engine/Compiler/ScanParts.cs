using Paramorph.Primitives;

namespace Paramorph.Compiler;

/// <summary>
/// A loop whose steps treat each row of a batch by itself, cut into parts of rows that run through all steps on their own: threads then meet once for the whole
/// loop. The number of parts follows from shapes.
/// </summary>
/// <param name="Body">The body for the rows of one part.</param>
/// <param name="Count">Number of parts.</param>
/// <param name="Inputs">Whether each input of the body, constants among them, has rows, along its first axis; the others are the same for all parts.</param>
/// <param name="Outputs">The same of the outputs.</param>
internal sealed record ScanParts(Computation Body, int Count, bool[] Inputs, bool[] Outputs)
{
    private const int MostParts = 4;

    /// <summary>The parts of a loop, or null when its rows are mixed or its work is small.</summary>
    public static ScanParts? Of(Scan scan, CompilerOptions options)
    {
        if (scan.Body.Cost.Flops * scan.Length < options.WorthSharingLoop) return null;
        foreach (var rows in scan.Body.Inputs.Skip(scan.Constants).Take(scan.Carries).Where(c => c.Rank > 0).Select(c => c.Shape[0]).Distinct())
            for (var count = MostParts; count > 1; count--)
                if (rows % count == 0 && rows / count >= options.FewestRowsOfPart && Cut(scan, rows, count) is { } parts) return parts;
        return null;
    }

    /// <summary>A loop in so many parts of rows, or null. A constant that is used row by row, as a repeated bias is, has rows too.</summary>
    private static ScanParts? Cut(Scan scan, int rows, int count)
    {
        bool[] inputs = [.. scan.Body.Inputs.Select((t, i) => i >= scan.Constants && t.Rank > 0 && t.Shape[0] == rows)];
        while (true)
        {
            if (Cut(scan, rows, count, inputs, out var missing) is { } parts) return parts;
            var place = missing is { Rank: > 0 } && missing.Shape[0] == rows ? scan.Body.Inputs.Take(scan.Constants).ToList().IndexOf(missing) : -1;
            if (place < 0 || inputs[place]) return null;
            inputs[place] = true;
        }
    }

    private static ScanParts? Cut(Scan scan, int rows, int count, bool[] inputs, out Tensor? missing)
    {
        var body = scan.Body;
        TensorType[] types = [.. body.Inputs.Select((t, i) => inputs[i] ? t.Type with { Shape = t.Shape.With(0, rows / count) } : t.Type)];
        // Carries keep the rows that they have; what other results have follows from what they are made of.
        bool[] outputs = [.. body.Outputs.Select((_, i) => i < scan.Carries && inputs[scan.Constants + i])];
        var isPossible = true;
        var cutting = new RowCutting(rows / count);
        var result = Computation.Trace("scan", Trace, types);
        missing = cutting.Missing;
        return isPossible ? new(result, count, inputs, outputs) : null;

        Tensor[] Trace(Tensor[] x)
        {
            for (var i = 0; i < x.Length; i++) cutting.Start(body.Inputs[i], x[i], inputs[i] ? 0 : -1);
            isPossible = body.Operations.All(cutting.Apply);
            var results = new Tensor[outputs.Length];
            for (var i = 0; i < results.Length && isPossible; i++)
            {
                var output = body.Outputs[i];
                if (cutting.HasRows(output)) (isPossible, outputs[i]) = (i >= scan.Carries || outputs[i], true);
                var value = outputs[i] ? cutting.Along(output, 0) : cutting.Whole(output);
                isPossible &= value is not null;
                results[i] = value!;
            }
            return isPossible ? results : [];
        }
    }
}
