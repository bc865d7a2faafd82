using System.Text;
using Paramorph.Formats;

namespace Paramorph.Tests.Formats;

/// <summary>Tables in the text formats of other programs: svmlight, Weka, GROMACS.</summary>
public class TextTableTests
{
    private const string Rows = "# made by hand\n+1 3:0.5 1:2e0 # the first\n-1 qid:7 10:1\n\n0.25\n";

    private const string Weather = """
        % a comment
        @RELATION weather
        @attribute outlook {sunny, 'rather overcast', rainy}
        @attribute 'air temperature' REAL
        @attribute day date "yyyy-MM-dd"
        @attribute windy numeric
        @data
        sunny, 85.5, 2026-01-02, 0
        'rather overcast', ?, "2026-01-03", 1

        % another
        {1 3, 3 2}
        {0 rainy, 2 '2026-01-04'}
        """;

    private const string Energies = """
        # gmx energy
        @    title "GROMACS Energies"
        @    xaxis  label "Time (ps)"
        @    yaxis  label "(kJ/mol)"
        @TYPE xy
        @ s0 legend "Potential"
        @ s2 legend "Temp\sB\N"
            0.000000  -1500.5  -1.5  300.25
            2.000000  -1501.5  -2.5  301.25
        """;

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));

    [Fact]
    public void Rows_of_svmlight_are_a_table_with_its_zeros()
    {
        var table = SvmLight.Read(Bytes(Rows));
        Assert.Equal(["1", "3", "10", "qid", "target"], table.Names);
        Expect.Close(Tensor.From(new double[,] { { 2, 0.5, 0, 0, 1 }, { 0, 0, 1, 7, -1 }, { 0, 0, 0, 0, 0.25 } }), table.Matrix(), 0);
    }

    [PythonFact("numpy, scipy, sklearn")]
    public void Files_of_scikit_learn_are_read()
    {
        using var scratch = new Scratch();
        Python.Run(scratch.Folder, "import numpy as np\nfrom sklearn.datasets import dump_svmlight_file\ndump_svmlight_file(np.array([[0, 1.5], [2, 0]]), np.array([1, 0]), 'a.svm')");
        Expect.Close(Tensor.From(new double[,] { { 0, 1.5, 1 }, { 2, 0, 0 } }), SvmLight.Read(scratch["a.svm"]).Matrix(), 0);
    }

    [Fact]
    public void Attributes_of_Weka_are_columns_of_their_types()
    {
        var table = Arff.Read(Bytes(Weather));
        Assert.Equal(["sunny", "rather overcast", "sunny", "rainy"], table.Texts("outlook"));
        Assert.Equal([85.5, double.NaN, 3, 0], table.Numbers("air temperature").ToDoubles());
        Assert.Equal(["2026-01-02", "2026-01-03", "", "2026-01-04"], table.Texts("day"));
        Assert.Equal([0, 1, 2, 0], table.Numbers("windy").ToDoubles());
    }

    [PythonFact("numpy, scipy")]
    public void SciPy_reads_the_same_of_an_ARFF_file()
    {
        using var scratch = new Scratch();
        File.WriteAllText(scratch["a.arff"], "@relation r\n@attribute x numeric\n@attribute c {a,b}\n@data\n1.5,a\n?,b\n-2e1,a\n");
        Python.Run(scratch.Folder, "import numpy as np\nfrom scipy.io import arff\nd, m = arff.loadarff('a.arff')\nnp.save('x.npy', d['x'])\nassert [c.decode() for c in d['c']] == ['a', 'b', 'a']");
        var table = Arff.Read(scratch["a.arff"]);
        Assert.Equal(Npy.Read(scratch["x.npy"]).ToDoubles(), table.Numbers("x").ToDoubles());
        Assert.Equal(["a", "b", "a"], table.Texts("c"));
    }

    [Fact]
    public void Legends_of_GROMACS_name_the_columns()
    {
        var table = Xvg.Read(Bytes(Energies));
        Assert.Equal(["Time (ps)", "Potential", "2", """Temp\sB\N"""], table.Names);
        Expect.Close(Tensor.From(new[,] { { 0, -1500.5, -1.5, 300.25 }, { 2, -1501.5, -2.5, 301.25 } }), table.Matrix(), 0);
    }

    [Theory]
    [InlineData("1 2:x\n", "line 1: 'x' is no number")]
    [InlineData("1 1:1\na 1:1\n", "line 2: 'a' is no number, where a target")]
    [InlineData("1 1:1 1:2\n", "feature 1 stands there twice")]
    [InlineData("1 -1:1\n", "'-1:1' is no feature")]
    [InlineData("# nothing\n", "there are no rows")]
    public void A_wrong_row_of_svmlight_is_refused(string text, string message) => Hostile.Refused(Encoding.UTF8.GetBytes(text), stream => SvmLight.Read(stream), message);

    [Theory]
    [InlineData("a,b\n1,2\n", "line 1: this is no ARFF file")]
    [InlineData("@attribute x numeric\n@data\n1,2\n", "line 3: the row has 2 fields, but there are 1 attributes")]
    [InlineData("@attribute x numeric\n@data\nred\n", "'red' is no number")]
    [InlineData("@attribute x {a,b}\n@data\nc\n", "'c' is none of the values")]
    [InlineData("@attribute x relational\n@data\n1\n", "the type 'relational'")]
    [InlineData("@attribute x numeric\n@data\n{1 2}\n", "'1 2' is no field of a sparse row")]
    [InlineData("@attribute x numeric\n@data\n'1\n", "a quote is opened")]
    [InlineData("@attribute x numeric\n@attribute x real\n@data\n1,1\n", "stands there twice")]
    [InlineData("@attribute x numeric\n", "there is no @data")]
    public void A_wrong_ARFF_file_is_refused(string text, string message) => Hostile.Refused(Encoding.UTF8.GetBytes(text), stream => Arff.Read(stream), message);

    [Fact]
    public void Damaged_content_is_a_value_or_a_refusal()
    {
        Hostile.Mutations(Encoding.UTF8.GetBytes(Rows), stream => SvmLight.Read(stream));
        Hostile.Mutations(Encoding.UTF8.GetBytes(Weather), stream => Arff.Read(stream));
        Hostile.Mutations(Encoding.UTF8.GetBytes(Energies), stream => Xvg.Read(stream));
        Hostile.Cuts(Encoding.UTF8.GetBytes(Weather), stream => Arff.Read(stream));
    }
}
