using System.Text;
using Paramorph.Formats;

namespace Paramorph.Tests.Formats;

public class EdgeListTests
{
    private static Edges Read(string text) => EdgeList.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)));

    private static void Read(Stream stream) => EdgeList.Read(stream);

    [Theory]
    [InlineData("0 1 0.5\n2\t0  2\n")]
    [InlineData("# c\n0,1,0.5\r\n2, 0, 2")]
    [InlineData("% c\n\n% d\n0 1 5e-1\n2 0 2")]
    [InlineData("source target weight\n0 1 .5\n2 0 2\n")]
    [InlineData("source,target,weight\n0,1,.5\n2,0,2\n")]
    [InlineData("0 1 {'weight': 0.5}\n2 0 {'color': 'red', 'weight': 2}\n")]
    [InlineData("%%MatrixMarket matrix coordinate real general\n% c\n3 2 2\n1 2 0.5\n3 1 2\n")]
    public void Edges_and_weights_are_read(string text)
    {
        var edges = Read(text);
        Assert.Equal([0, 2], edges.Sources.ToArray<int>());
        Assert.Equal([1, 0], edges.Targets.ToArray<int>());
        Assert.Equal([0.5, 2], edges.Weights!.ToDoubles());
        Assert.Equal(3, edges.NodeCount);
    }

    [Fact]
    public void Attributes_of_networkx_may_be_none() => Assert.Null(Read("0 1 {}\n1 2 {}\n").Weights);

    [Fact]
    public void Comments_of_Konect_are_no_edges_and_times_are_read()
    {
        var edges = Read("% sym positive\n% 2 3 3\n1 2 1 1082040961\n2 3 -1 1082155839\n");
        Assert.Equal([1, -1], edges.Weights!.ToDoubles());
        Assert.Equal([1082040961, 1082155839], edges.Times!.ToDoubles());
        Assert.Equal(4, edges.NodeCount);
        Assert.Equal(7, Read("%%MatrixMarket matrix coordinate pattern general\n7 3 1\n1 1\n").NodeCount);
    }

    [SharedDataFact("geom_texas_out1_graph_edges.txt.gz")]
    public void A_real_list_with_names_is_read() => Assert.Equal(183, EdgeList.Read(SharedData.Path("geom_texas_out1_graph_edges.txt.gz")!).NodeCount);

    [Fact]
    public void Times_are_written_behind_a_weight()
    {
        using var scratch = new Scratch();
        EdgeList.Write(scratch["e"], Read("0 1 0.5 7\n2 0 2 9\n"));
        Assert.Equal("0 1 0.5 7\n2 0 2 9\n", File.ReadAllText(scratch["e"]));
        EdgeList.Write(scratch["e"], Read("0 1 0.5 7\n") with { Weights = null });
        Assert.Equal([7], EdgeList.Read(scratch["e"]).Times!.ToDoubles());
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        using var scratch = new Scratch();
        foreach (var weights in new[] { null, Tensor.From(0.1, -3) })
        {
            EdgeList.Write(scratch["a"], new(Tensor.From(5, 1), Tensor.From(0, 1), weights, 6));
            var edges = EdgeList.Read(scratch["a"]);
            Assert.Equal([5, 1], edges.Sources.ToArray<int>());
            Assert.Equal([0, 1], edges.Targets.ToArray<int>());
            Assert.Equal(weights?.ToDoubles(), edges.Weights?.ToDoubles());
            Assert.Equal(6, edges.NodeCount);
        }
    }

    [Fact]
    public void A_file_without_edges_is_a_graph_without_nodes() => Assert.Equal(0, Read("# nothing\n").NodeCount);

    [Theory]
    [InlineData("0 1\n2\n", "line 2: an edge has two nodes")]
    [InlineData("0 x\n", "'x' is no node")]
    [InlineData("0 -1\n", "'-1' is no node")]
    [InlineData("0 2147483647\n", "'2147483647' is no node")]
    [InlineData("0 1 w\n", "'w' is no weight")]
    [InlineData("0 1\n\n1 2 3\n", "line 3: some edges have a weight")]
    [InlineData("0 1 2 3 4\n", "more follows")]
    [InlineData("0 1 {'weight': x}\n", "'x' is no weight")]
    [InlineData("0 1 {'weight'\n", "a brace is opened")]
    [InlineData("0 1 2 t\n", "'t' is no time")]
    [InlineData("%%MatrixMarket matrix coordinate real general\n3 3 4\n1 2 5\n", "the matrix has 1 elements where its sizes say 4")]
    [InlineData("%%MatrixMarket matrix coordinate complex general\n2 2 1\n1 2 5 1\n", "the matrix has complex elements")]
    [InlineData("%%MatrixMarket matrix coordinate real general\n2 2 1\n0 1 5\n", "line 3: a place in a matrix of Matrix Market is counted from 1")]
    public void A_line_that_is_no_edge_is_refused(string text, string message) => Hostile.Refused(Encoding.UTF8.GetBytes(text), Read, message);

    [Fact]
    public void Damaged_lists_are_refused_or_read()
    {
        Hostile.Mutations("# c\n0 1 0.5\n2 0 2\n"u8.ToArray(), Read);
        Hostile.Mutations("0,1\n2,0\n"u8.ToArray(), Read, Compressed.Gzip, 200);
    }
}
