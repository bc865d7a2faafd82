namespace Paramorph.Tests;

/// <summary>Operations of networks on batches, and those that have kernels of their own.</summary>
internal sealed partial class RandomPrograms
{
    /// <summary>Shapes of a batch, of weights and of a bias, which fit each other.</summary>
    private Shape RowShape() => random.Next(6) switch
    {
        0 => [4, 4],
        1 => [4],
        2 => [kind.Rows, 8],
        3 => [kind.Rows, 2, 2],
        _ => [kind.Rows, 4],
    };

    private Step? ProposeRowWork()
    {
        var x = PickReal();
        var shape = values[x][0].Shape;
        if (shape.Rank < 2 || shape[0] != kind.Rows) return null;
        var last = shape[^1];
        switch (random.Next(9))
        {
            case 0:
                return new("softmax of rows", v => v[0].Softmax(), x);
            case 1:
                return new("centred rows", v => v[0] - v[0].Mean(-1).ExpandDims(-1), x);
            case 2:
                return new("centred columns", v => v[0] - v[0].Mean(0), x);
            case 3 when last >= 2:
                return new("every other column", v => v[0].SliceAxis(-1, 0, last, 2), x);
            case 4 when shape.Rank == 2 && last % 2 == 0:
                return new("columns in pairs, turned", v => v[0].Reshape(kind.Rows, -1, 2).Transpose(0, 2, 1).Reshape(kind.Rows, -1), x);
            case 5:
                return new("flat rows", v => v[0].Reshape(kind.Rows, -1), x);
            case 6:
                return new("rows turned, flat and back", v => v[0].Flatten(1).T.Reshape(-1).Reshape(-1, kind.Rows).T, x);
            case 7:
                return new("upper half of the rows twice", v => Tensor.Concatenate([v[0].SliceAxis(0, 0, kind.Rows / 2, 1), v[0].SliceAxis(0, kind.Rows - kind.Rows / 2, kind.Rows, 1)], 0), x);
            default:
                var weight = (Noise([last, random.Next(1, 6)]) * (1.0 / Math.Sqrt(last))).Evaluate();
                return new($"layer of {weight.Shape[1]}", v => Tensor.Tanh(v[0].Dot(weight) + 0.1), x);
        }
    }

    private Step? ProposeKernel()
    {
        var x = PickReal();
        var shape = values[x][0].Shape;
        if (shape.Rank == 0) return null;
        var axis = random.Next(shape.Rank);
        var filter = Tensor.Complex(Noise([]), Noise([])).Evaluate();
        switch (random.Next(8))
        {
            case 0 or 1 when shape.Rank >= 2:
                var (kernel, stride) = (Noise([random.Next(1, 3), shape[^2], random.Next(1, Math.Min(4, shape[^1] + 1))]) * 0.5, random.Next(1, 3));
                kernel.Evaluate();
                return new($"convolution by {kernel.Type}, stride {stride}", v => Tensor.Convolve(v[0].Reshape(-1, shape[^2], shape[^1]), kernel, new() { Stride = [stride], Padding = 1 }), x);
            case 2 when shape.Rank >= 2 && shape[^1] >= 2:
                return new("largest of windows", v => v[0].Reshape(-1, 1, shape[^1]).MaxPool([2], [1]), x);
            case 3 when shape.Rank >= 2 && shape[^1] >= 2:
                return new("mean of windows", v => v[0].Reshape(-1, 1, shape[^1]).AveragePool([2], [1]), x);
            case 4:
                return new($"sorted along {axis}", v => v[0].Sort(axis), x);
            case 5 when shape[axis] <= 64:
                return new($"real part of the spectrum along {axis}", v => Tensor.Real(Fourier.Fft(v[0], axis)) / Math.Sqrt(shape[axis]), x);
            case 6 when shape[axis] is >= 2 and <= 64:
                return new($"filtered along {axis}", v => Fourier.Irfft(Fourier.Rfft(v[0], axis) * filter, shape[axis], axis), x);
            case 7:
                return new("largest two", v => v[0].Sort(-1, isDescending: true).SliceAxis(-1, 0, Math.Min(2, v[0].Shape[^1]), 1).Sum(-1), x);
            default:
                return null;
        }
    }
}
