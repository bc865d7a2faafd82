using System.Numerics;

namespace Paramorph.Reference;

/// <summary>The elements of a value in the widest type of their kind: double, long (booleans are 0 and 1) or complex of doubles.</summary>
internal sealed class ReferenceArray
{
    private readonly double[]? reals;
    private readonly long[]? integers;
    private readonly Complex[]? complexes;

    /// <summary>Zeros.</summary>
    public ReferenceArray(TensorType type)
    {
        Type = type;
        if (type.ElementType.IsFloating()) reals = new double[type.Shape.ElementCount];
        else if (type.ElementType.IsComplex()) complexes = new Complex[type.Shape.ElementCount];
        else integers = new long[type.Shape.ElementCount];
    }

    private ReferenceArray(TensorType type, ReferenceArray elements)
    {
        Type = type;
        (reals, integers, complexes) = (elements.reals, elements.integers, elements.complexes);
    }

    public TensorType Type { get; }

    public Shape Shape => Type.Shape;

    public ElementType ElementType => Type.ElementType;

    public int Count => Type.Shape.ElementCount;

    public bool IsReal => reals is not null;

    public bool IsComplex => complexes is not null;

    public double[] Reals => reals!;

    public long[] Integers => integers!;

    public Complex[] Complexes => complexes!;

    /// <summary>Elements computed from their index: of real and integer types.</summary>
    public static ReferenceArray Of(TensorType type, Func<int, double> element)
    {
        var result = new ReferenceArray(type);
        for (var i = 0; i < result.Count; i++) result.Set(i, element(i));
        return result;
    }

    public static ReferenceArray From(Storage storage, Shape shape)
    {
        var result = new ReferenceArray(new(storage.ElementType, shape));
        switch (storage.ElementType)
        {
            case ElementType.Bool: Widen<bool, long>(storage, result.Integers, x => x ? 1 : 0); break;
            case ElementType.UInt8: Widen<byte, long>(storage, result.Integers, x => x); break;
            case ElementType.Int8: Widen<sbyte, long>(storage, result.Integers, x => x); break;
            case ElementType.Int32: Widen<int, long>(storage, result.Integers, x => x); break;
            case ElementType.Int64: storage.Elements<long>().CopyTo(result.Integers); break;
            case ElementType.Float32: Widen<float, double>(storage, result.Reals, x => x); break;
            case ElementType.Float64: storage.Elements<double>().CopyTo(result.Reals); break;
            case ElementType.Complex64: Widen<Complex64, Complex>(storage, result.Complexes, x => x); break;
            default: storage.Elements<Complex>().CopyTo(result.Complexes); break;
        }
        return result;
    }

    public Storage ToStorage()
    {
        var storage = new Storage(ElementType, Count);
        switch (ElementType)
        {
            case ElementType.Bool: Narrow(Integers, storage.Elements<bool>(), x => x != 0); break;
            case ElementType.UInt8: Narrow(Integers, storage.Elements<byte>(), x => (byte)x); break;
            case ElementType.Int8: Narrow(Integers, storage.Elements<sbyte>(), x => (sbyte)x); break;
            case ElementType.Int32: Narrow(Integers, storage.Elements<int>(), x => (int)x); break;
            case ElementType.Int64: Integers.CopyTo(storage.Elements<long>()); break;
            case ElementType.Float32: Narrow(Reals, storage.Elements<float>(), x => (float)x); break;
            case ElementType.Float64: Reals.CopyTo(storage.Elements<double>()); break;
            case ElementType.Complex64: Narrow(Complexes, storage.Elements<Complex64>(), x => (Complex64)x); break;
            default: Complexes.CopyTo(storage.Elements<Complex>()); break;
        }
        return storage;
    }

    /// <summary>Every place of a shape in row-major order. The same array is shown each time.</summary>
    public static IEnumerable<int[]> Places(Shape shape)
    {
        var at = new int[shape.Rank];
        var count = shape.ElementCount;
        for (var i = 0; i < count; i++)
        {
            yield return at;
            for (var a = shape.Rank - 1; a >= 0 && ++at[a] == shape[a]; a--) at[a] = 0;
        }
    }

    public ReferenceArray WithShape(Shape shape) => new(Type with { Shape = shape }, this);

    public ReferenceArray Copy()
    {
        var copy = new ReferenceArray(Type);
        reals?.CopyTo(copy.Reals, 0);
        integers?.CopyTo(copy.Integers, 0);
        complexes?.CopyTo(copy.Complexes, 0);
        return copy;
    }

    /// <summary>The tensor of which each place holds the element at an index, or <paramref name="missing"/> (zero when null) at index -1.</summary>
    public ReferenceArray Rearrange(Shape shape, Func<int[], int> source, ReferenceArray? missing = null)
    {
        var result = new ReferenceArray(Type with { Shape = shape });
        var i = 0;
        foreach (var at in Places(shape))
        {
            var from = source(at);
            if (from >= 0) result.CopyElement(i, this, from);
            else if (missing is not null) result.CopyElement(i, missing, 0);
            i++;
        }
        return result;
    }

    /// <summary>The tensor whose axis i is axis <c>axes[i]</c>.</summary>
    public ReferenceArray Rearranged(int[] axes)
    {
        var strides = Shape.Strides();
        return Rearrange([.. axes.Select(a => Shape[a])], at =>
        {
            var index = 0;
            for (var i = 0; i < at.Length; i++) index += at[i] * strides[axes[i]];
            return index;
        });
    }

    public void CopyElement(int to, ReferenceArray source, int from)
    {
        if (reals is not null) reals[to] = source.Reals[from];
        else if (complexes is not null) complexes[to] = source.Complexes[from];
        else integers![to] = source.Integers[from];
    }

    public void Set(int index, double value)
    {
        if (reals is not null) reals[index] = value;
        else if (complexes is not null) complexes[index] = value;
        else integers![index] = (long)value;
    }

    public void Fill(double value)
    {
        for (var i = 0; i < Count; i++) Set(i, value);
    }

    /// <summary>Integers wrapped to their width, and real numbers rounded to their precision when asked.</summary>
    public void Wrap(bool round)
    {
        for (var i = 0; integers is not null && i < integers.Length; i++)
        {
            integers[i] = ElementType switch
            {
                ElementType.Bool => integers[i] & 1,
                ElementType.UInt8 => (byte)integers[i],
                ElementType.Int8 => (sbyte)integers[i],
                ElementType.Int32 => (int)integers[i],
                _ => integers[i],
            };
        }
        if (!round) return;
        if (ElementType == ElementType.Float32)
            for (var i = 0; i < Count; i++) Reals[i] = (float)Reals[i];
        if (ElementType == ElementType.Complex64)
            for (var i = 0; i < Count; i++) Complexes[i] = (Complex64)Complexes[i];
    }

    public bool HasNaN() =>
        (reals is not null && Array.Exists(reals, double.IsNaN)) || (complexes is not null && Array.Exists(complexes, z => double.IsNaN(z.Real) || double.IsNaN(z.Imaginary)));

    private static void Widen<TFrom, TTo>(Storage storage, TTo[] to, Func<TFrom, TTo> convert)
        where TFrom : unmanaged
    {
        var from = storage.Elements<TFrom>();
        for (var i = 0; i < from.Length; i++) to[i] = convert(from[i]);
    }

    private static void Narrow<TFrom, TTo>(TFrom[] from, Span<TTo> to, Func<TFrom, TTo> convert)
    {
        for (var i = 0; i < from.Length; i++) to[i] = convert(from[i]);
    }
}
