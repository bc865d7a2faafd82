namespace Paramorph.Formats;

/// <summary>The arrays in which <c>scipy.sparse.save_npz</c> writes a matrix: rows and columns of elements, or compressed ones.</summary>
/// <param name="form">The form: <c>csr</c>, <c>csc</c> or <c>coo</c>.</param>
/// <param name="arrays">The arrays.</param>
/// <param name="file">The file, for messages.</param>
internal sealed class ScipySparse(string form, IReadOnlyDictionary<string, Tensor> arrays, InputFile file)
{
    /// <summary>Whether arrays of some names are those of a matrix.</summary>
    public static bool Recognises(IEnumerable<string> names)
    {
        var known = names.ToHashSet(StringComparer.Ordinal);
        return known.IsSupersetOf(["shape", "data"]) && (known.IsSupersetOf(["indices", "indptr"]) || known.IsSupersetOf(["row", "col"]));
    }

    /// <summary>The matrix.</summary>
    public SparseMatrix Matrix()
    {
        if (form is not ("csr" or "csc" or "coo"))
            throw file.Error("", $"this is no sparse matrix of SciPy in the form CSR, CSC or COO{(form.Length > 0 ? $" but '{form}'" : "")}: convert it with tocsr() before save_npz.");
        var (sizes, values) = (Integers("shape"), Array("data"));
        if (values.Rank != 1 || sizes is not [>= 0 and <= int.MaxValue and var height, >= 0 and <= int.MaxValue and var width])
            throw file.Error("", $"data of shape {values.Shape} in a matrix of shape [{string.Join(", ", sizes)}] is none of two axes.");
        var (rows, columns) = form switch
        {
            "coo" => (Places("row", height), Places("col", width)),
            "csr" => (Expanded(height), Places("indices", width)),
            _ => (Places("indices", height), Expanded(width)),
        };
        if (rows.Length != values.Count || columns.Length != values.Count)
            throw file.Error("", $"{rows.Length} rows and {columns.Length} columns do not place {values.Count} elements.");
        return new((int)height, (int)width, Tensor.From(rows), Tensor.From(columns), values);
    }

    private Tensor Array(string name) => arrays.TryGetValue(name, out var array) ? array : throw file.Error("", $"the sparse matrix lacks the array '{name}'.");

    private long[] Integers(string name) => Array(name) is { Rank: 1 } array && array.ElementType.IsInteger()
        ? array.AsType(ElementType.Int64).ToArray<long>()
        : throw file.Error($"entry '{name}.npy'", "whole numbers in one axis should stand here.");

    private int[] Places(string name, long count) => System.Array.ConvertAll(Integers(name), place => place >= 0 && place < count
        ? (int)place
        : throw file.Error($"entry '{name}.npy'", $"the place {place} is not from 0 to {count - 1}."));

    /// <summary>For each element the row, or column, in whose stretch it is.</summary>
    private int[] Expanded(long count)
    {
        var (starts, elements) = (Integers("indptr"), Array("data").Shape[0]);
        if (starts.Length != count + 1 || starts[0] != 0 || starts[^1] != elements)
            throw file.Error("entry 'indptr.npy'", $"{starts.Length} starts do not cut {elements} elements into {count} rows or columns.");
        var places = new int[elements];
        for (var i = 0; i < count; i++)
        {
            if (starts[i] > starts[i + 1] || starts[i + 1] > elements) throw file.Error("entry 'indptr.npy'", $"row or column {i} ends before it starts.");
            places.AsSpan((int)starts[i]..(int)starts[i + 1]).Fill(i);
        }
        return places;
    }
}
