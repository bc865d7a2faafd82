using MathNet.Numerics.LinearAlgebra;
using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Problems;

namespace Paramorph.Fields;

/// <summary>
/// A picture as a sum of cosines under windows that overlap, of which only the largest are kept. Along each axis, block b of length B has the functions sin(pi (s + B / 2) / 2B) sqrt(2 / B)
/// cos(pi (k + 1/2) s / B), where s is the distance from its beginning and runs from -B / 2 to 3B / 2; on the pixels they are orthonormal, so that what is left out is the error and no
/// equations are solved. (Malvar, "Lapped transforms for efficient transform/subband coding", 1990; Coifman and Meyer, "Remarques sur l'analyse de Fourier à fenêtre", 1991.)
/// </summary>
/// <param name="Amplitudes">The amplitudes that are kept: f32 [kept].</param>
/// <param name="Gaps">How many places further each stands than the one before, in the order of blocks, colours, and cosines along both axes: u8 [kept].</param>
/// <param name="Down">Where blocks begin and end along the second coordinate: f32 [blocks down + 1].</param>
/// <param name="Across">The same along the first coordinate.</param>
/// <param name="Colours">The channels of each colour, which are orthonormal: f32 [colours, channels].</param>
/// <param name="Block">B in pixels.</param>
[Tree]
public sealed partial record LocalCosines(Tensor Amplitudes, Tensor Gaps, Tensor Down, Tensor Across, Tensor Colours, int Block) : ILayer
{
    /// <summary>It as a method.</summary>
    [Method]
    public static Method Method { get; } = new SolvedMethod(
        "local-cosines", "Cosines under overlapping windows, of which the largest are kept; it has no network and is solved at once.",
        (problem, run) => Fitted((FieldFit)problem, int.Parse(run.Configuration.Word("block"), System.Globalization.CultureInfo.InvariantCulture)),
        (_, choice, stored) => new LocalCosines(
            Zeros(stored["amplitudes"]), Zeros(stored["gaps"]), Zeros(stored["down"]), Zeros(stored["across"]), Zeros(stored["colours"]),
            int.Parse(choice.Word("block"), System.Globalization.CultureInfo.InvariantCulture)),
        (problem, _) => new(500.0 * problem.Count * problem.Signature.Outputs, 1))
    {
        Kinds = ["field-fit"],
        GoodAt = "photographs and other pictures: some decibels above interpolation of as many numbers",
        Paper = "Malvar, Lapped transforms for efficient transform/subband coding, 1990",
        Own = [Hyperparameter.Word("block", "pixels along the side of a block", "8", "6", "12", "16")],
        Limits = problem => problem is FieldFit { Grid.Count: 2 } ? null : "it is for pictures and other grids of two axes",
    };

    /// <summary>Points [n, 2] give [n, channels].</summary>
    public Tensor Call(Tensor x)
    {
        var (colours, blocks) = (Colours.Shape[0], (Down: Down.Count - 1, Across: Across.Count - 1));
        var places = Gaps.AsType(ElementType.Int32).CumulativeSum(0) - 1;
        var amplitudes = Tensor.Zeros([blocks.Down * blocks.Across * colours * Block * Block], x.ElementType).ScatterAdd(places, Amplitudes)
            .Reshape(blocks.Down * blocks.Across, colours, Block, Block);
        var (row, vertical) = Basis(x[.., 1], Down);
        var (column, horizontal) = Basis(x[.., 0], Across);
        Tensor? sum = null;
        for (var i = 0; i < 2; i++)
        {
            for (var j = 0; j < 2; j++)
            {
                var own = amplitudes.Take(row[i] * blocks.Across + column[j]);
                var across = (own * horizontal[j].ExpandDims(1).ExpandDims(1)).Sum(3);
                var part = (across * vertical[i].ExpandDims(1)).Sum(2);
                sum = sum is null ? part : sum + part;
            }
        }
        return sum!.Dot(Colours);
    }

    /// <summary>The two blocks along an axis that reach a point, i32 [n] each, and the values of their cosines there, [n, B] each.</summary>
    private (Tensor[] Blocks, Tensor[] Values) Basis(Tensor x, Tensor edges)
    {
        var count = edges.Count - 1;
        var place = (x - edges[0]) / (edges[1] - edges[0]);
        var first = Tensor.Floor(place - 0.5);
        var (blocks, values) = (new Tensor[2], new Tensor[2]);
        for (var i = 0; i < 2; i++)
        {
            var block = first + i;
            var at = place - block;
            // The first and the last block do not overlap with anything outside.
            var isFlat = ((block <= 0.0) & (at < 0.5)) | ((block >= count - 1.0) & (at > 0.5));
            var isThere = (block >= 0.0) & (block < (double)count);
            var window = Tensor.Where(isThere, Tensor.Where(isFlat, 1.0, Tensor.Sin(Math.PI / 2 * (at + 0.5))), 0.0);
            var frequency = Math.PI * (Tensor.Arange(Block, x.ElementType) + 0.5);
            blocks[i] = Tensor.Clamp(block, 0.0, count - 1.0).AsType(ElementType.Int32);
            values[i] = (Math.Sqrt(2.0 / Block) * window).ExpandDims(1) * Tensor.Cos(at.ExpandDims(1) * frequency);
        }
        return (blocks, values);
    }

    /// <summary>The field of a picture with as many numbers as the problem allows; a gap counts as a quarter of one.</summary>
    private static LocalCosines Fitted(FieldFit problem, int block)
    {
        var (height, width, channels) = (problem.Grid[0], problem.Grid[1], problem.Signature.Outputs);
        var (down, across) = ((height + block - 1) / block, (width + block - 1) / block);
        var values = problem.Train.Targets.ToArray<float>();
        var colours = Principal(values, channels);
        var amplitudes = new float[down * across * channels * block * block];
        for (var colour = 0; colour < channels; colour++)
        {
            var rows = Enumerable.Range(0, height).Select(y => Analysed(x => Mixed(values, (y * width + x) * channels, colours, colour), width, across, block)).ToArray();
            for (var x = 0; x < across * block; x++)
            {
                var column = Analysed(y => rows[y][x], height, down, block);
                for (var y = 0; y < down * block; y++)
                    amplitudes[(((y / block * across + x / block) * channels + colour) * block + y % block) * block + x % block] = (float)column[y];
            }
        }
        var (kept, gaps) = Largest(amplitudes, problem.Parameters - channels * channels - down - across - 2);
        return new(Tensor.From(kept), Tensor.From(gaps), Edges(down, block, height), Edges(across, block, width), Tensor.From<float>([.. colours.Select(value => (float)value)], [channels, channels]), block);
    }

    private static Tensor Zeros(TensorType type) => Tensor.Zeros(type.Shape, type.ElementType);

    private static Tensor Edges(int blocks, int block, int size) => Tensor.From<float>([.. Enumerable.Range(0, blocks + 1).Select(b => (float)(2.0 * b * block / size - 1))]);

    private static double Mixed(float[] values, int pixel, double[] colours, int colour)
    {
        var (sum, channels) = (0.0, (int)Math.Sqrt(colours.Length));
        for (var c = 0; c < channels; c++) sum += colours[colour * channels + c] * values[pixel + c];
        return sum;
    }

    /// <summary>The directions of colours along which a picture varies independently, row by row.</summary>
    private static double[] Principal(float[] values, int channels)
    {
        var covariance = Matrix<double>.Build.Dense(channels, channels);
        for (var pixel = 0; pixel < values.Length; pixel += channels)
            for (var i = 0; i < channels; i++)
                for (var j = 0; j < channels; j++) covariance[i, j] += values[pixel + i] * (double)values[pixel + j];
        return covariance.Evd(Symmetricity.Symmetric).EigenVectors.ToColumnMajorArray();
    }

    /// <summary>The amplitudes of a signal along an axis, block by block; behind its end it goes on as its mirror image.</summary>
    private static double[] Analysed(Func<int, double> signal, int size, int blocks, int block)
    {
        var found = new double[blocks * block];
        for (var b = 0; b < blocks; b++)
        {
            for (var i = -block / 2; i < block + (block + 1) / 2; i++)
            {
                var at = (i + 0.5) / block;
                if ((b == 0 && at < 0) || (b == blocks - 1 && at > 1) || at < -0.5 || at > 1.5) continue;
                var isFlat = (b == 0 && at < 0.5) || (b == blocks - 1 && at > 0.5);
                var place = b * block + i;
                var value = (isFlat ? 1 : Math.Sin(Math.PI / 2 * (at + 0.5))) * signal(place < size ? place : Math.Max(0, 2 * size - 1 - place));
                for (var k = 0; k < block; k++) found[b * block + k] += Math.Sqrt(2.0 / block) * value * Math.Cos(Math.PI * (k + 0.5) * at);
            }
        }
        return found;
    }

    /// <summary>As many of the largest numbers as there is room for, in their order, with the distances from each to the next. Where a distance is too long for a byte a zero stands between.</summary>
    private static (float[] Kept, byte[] Gaps) Largest(float[] amplitudes, int room)
    {
        const double NumbersOfOne = 1.25;
        var sorted = amplitudes.Select(Math.Abs).ToArray();
        Array.Sort(sorted);
        // The lower the threshold the more room is taken, zeros between included, so it is found by halving.
        var (few, many) = (0, Math.Min(amplitudes.Length, (int)Math.Max(0, room / NumbersOfOne)));
        while (many - few > 0)
        {
            var middle = (few + many + 1) / 2;
            if (NumbersOfOne * Taken(amplitudes, sorted[^middle]).Kept.Length <= room) few = middle;
            else many = middle - 1;
        }
        return few == 0 ? ([], []) : Taken(amplitudes, sorted[^few]);
    }

    private static (float[] Kept, byte[] Gaps) Taken(float[] amplitudes, float threshold)
    {
        var (kept, gaps, before) = (new List<float>(), new List<byte>(), -1);
        for (var place = 0; place < amplitudes.Length; place++)
        {
            if (Math.Abs(amplitudes[place]) < threshold && place - before < byte.MaxValue) continue;
            kept.Add(Math.Abs(amplitudes[place]) < threshold ? 0 : amplitudes[place]);
            gaps.Add((byte)(place - before));
            before = place;
        }
        return ([.. kept], [.. gaps]);
    }
}
