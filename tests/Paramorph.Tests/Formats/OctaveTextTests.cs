using System.Numerics;
using System.Text;
using Paramorph.Formats;
using Paramorph.Problems;

namespace Paramorph.Tests.Formats;

/// <summary>Files as the sources of Octave say that it writes them; the values are those that its syntax gives.</summary>
public class OctaveTextTests
{
    /// <summary>x = [1 2.5 -Inf; NA NaN 6]; i = int32([1 2; 3 -4]); more kinds; c = {1, 'a'; 2, [3 4]}; p.a = uint8(200); p.b.c = 'deep'.</summary>
    private const string Many = """
        # Created by Octave 9.2.0, Sun Nov 29 12:00:00 2026 UTC <user@host>
        # name: x
        # type: matrix
        # rows: 2
        # columns: 3
         1 2.5 -Inf
         NA NaN 6


        # name: i
        # type: int32 matrix
        # ndims: 2
         2 2
          1
          3
          2
          -4


        # name: t
        # type: bool
        1


        # name: z
        # type: complex matrix
        # rows: 1
        # columns: 2
         (1,2) (3,-4)


        # name: s
        # type: sq_string
        # elements: 2
        # length: 5
        hello
        # length: 5
        wörd


        # name: r
        # type: double_range
        # base, limit, increment
        0 1 0.25


        # name: b
        # type: sparse bool matrix
        # nnz: 2
        # rows: 2
        # columns: 3
        2 1 1
        1 3 1


        # name: d
        # type: diagonal matrix
        # rows: 2
        # columns: 3
        5
        6


        # name: n
        # type: float matrix
        # ndims: 3
         1 2 2
         1
         2
         3
         4


        # name: f
        # type: function handle
        # octaveroot: /usr
        sin


        # name: c
        # type: cell
        # rows: 2
        # columns: 2
        # name: <cell-element>
        # type: scalar
        1


        # name: <cell-element>
        # type: scalar
        2


        # name: <cell-element>
        # type: string
        # elements: 1
        # length: 1
        a


        # name: <cell-element>
        # type: matrix
        # rows: 1
        # columns: 2
         3 4




        # name: p
        # type: scalar struct
        # ndims: 2
         1 1
        # length: 2
        # name: a
        # type: uint8 scalar
        200


        # name: b
        # type: scalar struct
        # ndims: 2
         1 1
        # length: 1
        # name: c
        # type: string
        # elements: 1
        # length: 4
        deep






        """;

    private static readonly byte[] Bytes = Encoding.UTF8.GetBytes(Many);

    private static void Read(Stream stream) => OctaveText.Read(stream);

    [Fact]
    public void Every_kind_has_its_value()
    {
        var values = OctaveText.Read(new MemoryStream(Bytes));
        Assert.Equal(["x", "i", "t", "z", "s", "r", "b", "d", "n", "f", "c", "p"], values.Keys);
        Expect.Close(Tensor.From(new[,] { { 1, 2.5, double.NegativeInfinity }, { double.NaN, double.NaN, 6 } }), values["x"].ToTensor(), 0);
        Expect.Close(Tensor.From(new[,] { { 1, 2 }, { 3, -4 } }), values["i"].ToTensor(), 0);
        Assert.Equal("bool[1, 1] [[True]]", values["t"].ToTensor().ToString(), ignoreCase: true);
        Assert.Equal([new(1, 2), new(3, -4)], values["z"].ToTensor().ToArray<Complex>());
        Assert.Equal(["hello", "wörd"], ((MatlabValue.Text)values["s"]).Rows);
        Expect.Close(Tensor.From(new[,] { { 0, 0.25, 0.5, 0.75, 1 } }), values["r"].ToTensor(), 0);
        Expect.Close(Tensor.From(new[,] { { false, false, true }, { true, false, false } }), values["b"].ToTensor(), 0);
        Expect.Close(Tensor.From(new[,] { { 5.0, 0, 0 }, { 0, 6, 0 } }), values["d"].ToTensor(), 0);
        Expect.Close(Tensor.From([1f, 3, 2, 4], [1, 2, 2]), values["n"].ToTensor(), 0);
        Assert.Equal("function handle", ((MatlabValue.Unsupported)values["f"]).Kind);
        var cell = (MatlabValue.Cell)values["c"];
        Assert.Equal(["a"], ((MatlabValue.Text)cell.Elements[1]).Rows);
        Assert.Equal([3, 4], cell.Elements[3].ToTensor().ToDoubles());
        Assert.Equal(200, values["p"]["a"].ToTensor().Item<byte>());
        Assert.Equal(["deep"], ((MatlabValue.Text)values["p"]["b"]["c"]).Rows);
    }

    [Fact]
    public void An_array_of_structures_has_a_cell_array_a_field()
    {
        var text = "# name: q\n# type: struct\n# ndims: 2\n 1 2\n# length: 1\n# name: id\n# type: cell\n# rows: 1\n# columns: 2\n"
            + "# name: <cell-element>\n# type: scalar\n7\n\n\n# name: <cell-element>\n# type: scalar\n8\n\n\n\n\n\n\n";
        var structure = (MatlabValue.Struct)OctaveText.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)))["q"];
        Assert.Equal([1, 2], structure.Size);
        Assert.Equal([7.0, 8], structure.Fields["id"].Select(value => value.ToTensor().Item()));
    }

    [Fact]
    public void A_file_is_known_by_its_first_line_whatever_its_name_is()
    {
        using var scratch = new Scratch();
        var content = (DataContent.OfArrays)DataContent.Read(scratch.Write("data.mat", Bytes));
        Assert.Equal([1, 2, 3, -4], content.Array("i").ToDoubles());
        // A comment of a table is no variable.
        Assert.IsType<DataContent.OfTable>(DataContent.Read(scratch.Write("table.csv", [.. "# name: trial 3\na,b\n1,2\n3,4\n"u8])));
    }

    [Fact]
    public void What_is_not_as_it_should_be_is_named_with_its_line()
    {
        void Refused(string text, string message) => Hostile.Refused(Encoding.UTF8.GetBytes(text), Read, message);
        Refused("1,2\n", "no line '# name: ...' stands in it");
        Refused("# name: x\n# type: matrix\n# rows: 1\n# columns: 3\n 1 2\n", "more elements should stand here");
        Refused("# name: x\n# type: matrix\n# rows: 1\n# columns: 1\n 1 2\n", "1 elements more stand here");
        Refused("# name: x\n# type: scalar\n1,5\n", "line 3: '1,5' is no number");
        Refused("# name: x\n# type: int8 scalar\n300\n", "300 is beyond the range from -128 to 127");
        Refused("# name: x\n# type: range\n# base, limit, increment\n0 1e300 1\n", "more than 268435456 elements");
        Refused("# name: x\n# type: sparse matrix\n# nnz: 1\n# rows: 1\n# columns: 1\n2 1 5\n", "row 2 and column 1 are not in");
    }

    [Fact]
    public void Damaged_files_are_refused()
    {
        Hostile.Cuts(Bytes, Read);
        Hostile.Mutations(Bytes, Read);
    }
}
