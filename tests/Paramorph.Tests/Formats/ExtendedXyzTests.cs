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

    [Fact]
    public void A_molecule_of_QM9_is_read_with_its_charges()
    {
        const string methane = "2\ngdb 1\t157.7\t-40.47893\nC\t-0.01\t1.08\t8.0e-3\t-0.5\nH\t2.1*^-6\t0\t-8.48*^-6\t0.25\n1341.3\t1341.4\nC\tC\nInChI=1S/CH4\n\n1\n\nHe 0 0 0\n";
        var structures = Read(methane);
        Assert.Equal([-0.5, 0.25], structures[0].Properties["extra"].ToDoubles());
        Assert.Equal([2.1e-6, 0, -8.48e-6], structures[0].Positions.ToDoubles()[3..]);
        Assert.Equal("InChI=1S/CH4", structures[0].Info["inchi"]);
        Assert.Equal(["He"], structures[1].Species);
    }

    [Theory]
    [InlineData("E = 1 E = 2")]
    [InlineData("the \"open quote")]
    [InlineData("a brace { that is open")]
    public void A_comment_of_plain_XYZ_may_be_any_text(string comment) =>
        Assert.Equal(comment, Assert.Single(Read($"1\n{comment}\nH 0 0 0\n")).Info["comment"]);

    [Fact]
    public void Empty_text_of_ASE_leaves_the_next_pair_alone()
    {
        var structure = Assert.Single(Read("1\nnote= pbc=\"T T F\" title= energy=-1.5 spaced = 2 last=\nH 0 0 0\n"));
        Assert.Equal((true, true, false), structure.Periodic);
        Assert.Equal(-1.5, structure.Energy);
        Assert.Equal([new("note", ""), new("title", ""), new("spaced", "2"), new("last", "")], structure.Info);
    }

    [Fact]
    public void A_lattice_may_be_a_list_of_vectors() => Expect.Close(
        Tensor.From(new double[,] { { 2, 0, 0 }, { 0, 3, 0 }, { 0, 0, 4 } }), Assert.Single(Read("1\nLattice=[[2,0,0],[0,3,0],[0,0,4]]\nH 0 0 0\n")).Cell!, 0);

    [Fact]
    public void Texts_of_atoms_are_read_and_written()
    {
        using var scratch = new Scratch();
        var read = Read("2\nProperties=species:S:1:pos:R:3:resname:S:1:both:S:2\nH 0 0 0 ALA a b\nO 1 1 1 GLY c d\n");
        ExtendedXyz.Write(scratch["a.xyz"], read);
        foreach (var structure in read.Concat(ExtendedXyz.Read(scratch["a.xyz"])))
        {
            Assert.Equal(["ALA", "GLY"], structure.Labels["resname"]);
            Assert.Equal(["a b", "c d"], structure.Labels["both"]);
        }
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
    [InlineData("1\n\nH 0 0 0 x\n", "the line has 5 values where the properties say 4")]
    [InlineData("2\n\nH 0 0 0 1\nH 0 0 0\n", "the line has 4 values, fewer than the properties say")]
    [InlineData("1\n\nH 0 0 z\n", "'z' is no number")]
    [InlineData("1\nProperties=species:S:1:pos:R:99999999999\nH 0 0 0\n", "name:kind:count")]
    [InlineData("1\nProperties=species:S:1:species:S:1\nH H\n", "a property stands there twice")]
    [InlineData("1\nProperties=species:S:1\nH\n", "no pos:R:3")]
    [InlineData("1\nLattice=\"1 2\"\nH 0 0 0\n", "Lattice has 2 numbers instead of 9")]
    [InlineData("1\nProperties=species:S:1:pos:R:3 a=1 a=2\nH 0 0 0\n", "'a' stands there twice")]
    [InlineData("1\nProperties=species:S:1:pos:R:3 a=\"1\nH 0 0 0\n", "never closed")]
    [InlineData("1\npbc=\"T T\"\nH 0 0 0\n", "three of T and F")]
    public void A_wrong_structure_is_refused(string text, string message) => Hostile.Refused(Encoding.UTF8.GetBytes(text), Read, message);

    [Fact]
    public void Damaged_structures_are_refused_or_read()
    {
        Hostile.Cuts(Encoding.UTF8.GetBytes(Water), Read);
        Hostile.Mutations(Encoding.UTF8.GetBytes(Water), Read, count: 1000);
    }
}
