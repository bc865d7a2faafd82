using System.Text;
using Paramorph.Formats;

namespace Paramorph.Tests.Formats;

public class ExtendedXyzTests
{
    private const string Water = """
        3
        Lattice="5 0 0 0 6 0 0 0 7" Properties=species:S:1:pos:R:3:forces:R:3:id:I:1:fixed:L:2 energy=-1.5 pbc="T F T" note="a \"b\" c" flag list={1 2}
        O 0 0 0 1 2 3 7 T F
        H 0.5 0 1e-1 4 5 6 8 F F
        H -0.5	0 0.1 7 8 9 9 T T

        """;

    private static List<AtomicStructure> Read(string text) => [.. ExtendedXyz.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)))];

    private static void Read(Stream stream) => Assert.True(ExtendedXyz.Read(stream).Count() < 100);

    private static void CheckWater(AtomicStructure water)
    {
        Assert.Equal(["O", "H", "H"], water.Species);
        Assert.Equal([8, 1, 1], water.AtomicNumbers().ToArray<int>());
        Expect.Close(Tensor.From(new[,] { { 0, 0, 0 }, { 0.5, 0, 0.1 }, { -0.5, 0, 0.1 } }), water.Positions, 0);
        Expect.Close(Tensor.From(new double[,] { { 5, 0, 0 }, { 0, 6, 0 }, { 0, 0, 7 } }), water.Cell!, 0);
        Assert.Equal((true, false, true), water.Periodic);
        Assert.Equal(-1.5, water.Energy);
        Expect.Close(Tensor.From(new double[,] { { 1, 2, 3 }, { 4, 5, 6 }, { 7, 8, 9 } }), water.Forces!, 0);
        Assert.Equal([new("note", "a \"b\" c"), new("flag", "T"), new("list", "1 2")], water.Info);
        Assert.Equal([7, 8, 9], water.Properties["id"].ToArray<long>());
        Assert.Equal([true, false, false, false, true, true], water.Properties["fixed"].ToArray<bool>());
    }

    [Fact]
    public void A_structure_is_read() => CheckWater(Assert.Single(Read(Water)));

    [Fact]
    public void What_is_written_is_read_again()
    {
        using var scratch = new Scratch();
        ExtendedXyz.Write(scratch["a.xyz"], [.. Read(Water), .. Read(Water)]);
        foreach (var water in ExtendedXyz.Read(scratch["a.xyz"])) CheckWater(water);
        Assert.Equal(2, ExtendedXyz.Read(scratch["a.xyz"]).Count());
        Assert.Throws<ArgumentException>(() => ExtendedXyz.Write(scratch["b.xyz"], [new(["a b"], Tensor.Zeros([1, 3]))]));
    }

    [Fact]
    public void Plain_structures_are_read()
    {
        var structures = Read("1\nthe one and the other\nHe 1 2 3\n\n2\n\nH 0 0 0\nH 0 0 1\n");
        Assert.Equal([1, 2], structures.Select(structure => structure.Species.Count));
        Assert.Null(structures[0].Cell);
        Assert.Null(structures[0].Energy);
        Assert.Equal((false, false, false), structures[0].Periodic);
    }

    [Fact]
    public void Energy_and_forces_may_have_other_names()
    {
        var text = Water.Replace("energy", "E", StringComparison.Ordinal).Replace("forces", "F", StringComparison.Ordinal);
        var water = ExtendedXyz.Read(new MemoryStream(Compressed.Gzip(Encoding.UTF8.GetBytes(text))), "E", "F").Single();
        Assert.Equal(-1.5, water.Energy);
        Assert.Equal([3, 3], water.Forces!.Shape);
        Assert.Equal([3, 3], Read(text)[0].Properties["F"].Shape);
    }

    [SharedDataFact("3bpa_train_300K.xyz")]
    public void Real_structures_are_read()
    {
        var structures = ExtendedXyz.Read(SharedData.Path("3bpa_train_300K.xyz")!).ToList();
        Assert.Equal(500, structures.Count);
        Assert.All(structures, structure => Assert.Equal([27, 3], structure.Forces!.Shape));
        Assert.Equal(-17660.461737861464, structures[0].Energy);
        Assert.Equal((false, false, false), structures[0].Periodic);
        Assert.Equal("_JSON [209.44, 80.54, 59.96]", structures[0].Info["dihedrals"]);
        Assert.Equal(0.79555789, structures[0].Forces!.ToDoubles()[2]);
        Assert.Equal([1, 6, 7, 8], structures[0].AtomicNumbers().ToArray<int>().Distinct().Order());
    }

    [Theory]
    [InlineData("x\n", "line 1: a number of atoms")]
    [InlineData("1", "line 2: the file ends")]
    [InlineData("2\n\nH 0 0 0\n", "line 4: the file ends at atom 1 of 2")]
    [InlineData("999999999\n\nH 0 0 0\n", "the file ends at atom 1")]
    [InlineData("1\n\nH 0 0\n", "line 3: the line has 3 values")]
    [InlineData("1\n\nH 0 0 0 0\n", "the line has 5 values where the properties say 4")]
    [InlineData("1\n\nH 0 0 z\n", "'z' is no number")]
    [InlineData("1\nProperties=species:S:1:pos:R:99999999999\nH 0 0 0\n", "name:kind:count")]
    [InlineData("1\nProperties=species:S:1:species:S:1\nH H\n", "a property stands there twice")]
    [InlineData("1\nProperties=species:S:1\nH\n", "no pos:R:3")]
    [InlineData("1\nLattice=\"1 2\"\nH 0 0 0\n", "Lattice has 2 numbers instead of 9")]
    [InlineData("1\na=1 a=2\nH 0 0 0\n", "'a' stands there twice")]
    [InlineData("1\na=\"1\nH 0 0 0\n", "never closed")]
    [InlineData("1\npbc=\"T T\"\nH 0 0 0\n", "three of T and F")]
    public void A_wrong_structure_is_refused(string text, string message) => Hostile.Refused(Encoding.UTF8.GetBytes(text), Read, message);

    [Fact]
    public void Damaged_structures_are_refused_or_read()
    {
        Hostile.Cuts(Encoding.UTF8.GetBytes(Water), Read);
        Hostile.Mutations(Encoding.UTF8.GetBytes(Water), Read, count: 1000);
    }
}
