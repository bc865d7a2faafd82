using System.Numerics;

namespace Paramorph.Tests.Primitives;

/// <summary>Tensors as plain arrays with indices, for truths that are written as loops.</summary>
internal static class Plain
{
    /// <summary>The elements of any type as complex numbers.</summary>
    public static Complex[] Read(Tensor x) => x.ElementType.IsComplex()
        ? [.. Tensor.Real(x).ToDoubles().Zip(Tensor.Imaginary(x).ToDoubles(), (re, im) => new Complex(re, im))]
        : [.. x.ToDoubles().Select(v => new Complex(v, 0))];

    /// <summary>A c128 tensor, or one of the real or integer type asked for.</summary>
    public static Tensor Write(Complex[] values, Shape shape, ElementType type = ElementType.Complex128) => type.IsComplex()
        ? Tensor.From(values, shape).AsType(type)
        : Tensor.From<double>([.. values.Select(z => z.Real)], shape).AsType(type);

    /// <summary>All indices below sizes, the last one running fastest.</summary>
    public static IEnumerable<int[]> Places(params IReadOnlyList<int> sizes)
    {
        var count = sizes.Aggregate(1, (product, size) => product * size);
        for (var i = 0; i < count; i++)
        {
            var at = new int[sizes.Count];
            for (int a = sizes.Count - 1, rest = i; a >= 0; rest /= sizes[a--]) at[a] = rest % sizes[a];
            yield return at;
        }
    }

    /// <summary>The number of a place in row-major order; -1 when it lies outside.</summary>
    public static int Index(IReadOnlyList<int> sizes, IReadOnlyList<int> at)
    {
        var index = 0;
        for (var a = 0; a < sizes.Count; a++)
        {
            if (at[a] < 0 || at[a] >= sizes[a]) return -1;
            index = index * sizes[a] + at[a];
        }
        return index;
    }

    /// <summary>A tensor made line by line along an axis.</summary>
    public static Tensor Lines(Tensor x, int axis, Func<Complex[], Complex[]> line, ElementType type)
    {
        axis = axis < 0 ? axis + x.Rank : axis;
        var values = Read(x);
        Complex[]? result = null;
        int[] from = [.. x.Shape], to = [.. x.Shape];
        foreach (var start in Places(x.Shape.With(axis, 1)))
        {
            Complex[] Walk(Complex[] all, int[] sizes) => [.. Enumerable.Range(0, sizes[axis]).Select(i => all[At(sizes, i)])];
            int At(int[] sizes, int i)
            {
                var at = start.ToArray();
                at[axis] = i;
                return Index(sizes, at);
            }
            var made = line(Walk(values, from));
            to[axis] = made.Length;
            result ??= new Complex[to.Aggregate(1, (product, size) => product * size)];
            for (var i = 0; i < made.Length; i++) result[At(to, i)] = made[i];
        }
        return Write(result!, Shape.Create(to), type);
    }
}
