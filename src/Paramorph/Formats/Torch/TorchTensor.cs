namespace Paramorph.Formats;

/// <summary>A view of a storage.</summary>
/// <param name="Storage">The elements.</param>
/// <param name="Offset">The first of them.</param>
/// <param name="Sizes">The sizes.</param>
/// <param name="Strides">Steps between elements along each axis.</param>
internal sealed record TorchTensor(TorchStorage Storage, long Offset, long[] Sizes, long[] Strides)
{
    /// <summary>The tensor, with its elements in row-major order.</summary>
    public Tensor Read(InputFile file, string name, byte[] stored, bool isBigEndian)
    {
        var (size, place) = (Storage.Type.Size(), $"tensor '{name}'");
        var shape = file.ShapeOf(Sizes, Math.Max(size, Storage.Type.Widened().Size()), place);
        if (Strides.Length != Sizes.Length) throw file.Error(place, $"there are {Strides.Length} strides for {Sizes.Length} axes.");
        var last = (Int128)Offset;
        for (var axis = 0; axis < Sizes.Length; axis++)
        {
            if (Strides[axis] < 0) throw file.Error(place, $"the stride {Strides[axis]} is negative: PyTorch has none.");
            last += (Int128)Math.Max(0, Sizes[axis] - 1) * Strides[axis];
        }
        if (shape.ElementCount > 0 && (Offset < 0 || last >= stored.Length / size))
            throw file.Error(place, $"the shape {shape} goes beyond the {stored.Length / size} elements that are stored.");
        using var part = file.Part(Gathered(stored, shape, size), place);
        return part.TakeTensor(Storage.Type, shape, isBigEndian);
    }

    private byte[] Gathered(byte[] stored, Shape shape, int size)
    {
        var result = new byte[(long)shape.ElementCount * size];
        var index = new int[shape.Rank];
        var from = Offset;
        for (var to = 0; to < shape.ElementCount; to++)
        {
            stored.AsSpan((int)(from * size), size).CopyTo(result.AsSpan(to * size));
            for (var axis = shape.Rank - 1; axis >= 0; axis--)
            {
                from += Strides[axis];
                if (++index[axis] < shape[axis]) break;
                from -= Strides[axis] * shape[axis];
                index[axis] = 0;
            }
        }
        return result;
    }
}
