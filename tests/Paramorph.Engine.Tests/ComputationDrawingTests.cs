using System.Globalization;
using System.Xml.Linq;
using static Paramorph.Tensor;

namespace Paramorph.Tests;

public class ComputationDrawingTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private static readonly Dictionary<string, Computation> Samples = new()
    {
        ["network"] = Computation.Of((Tensor w, Tensor v, Tensor x) => Gradient.Of(w, v, (a, b) => Square(Tanh(x.Dot(a)).Dot(b) - 1.0).Mean()).First, Ones([3, 4]), Ones([4, 1]), Ones([8, 3])),
        ["scan"] = Computation.Of((Tensor x) => Gradient.Of(x, y => Control.Repeat(3, (i, z) => Tanh(z * y) + i.AsType(ElementType.Float32), y).Sum()), Ones([4])),
        ["while"] = Computation.Of((Tensor x) => Control.While(c => (c < 10.0).All(), c => Control.Cond((c > 1.0).Any(), () => c * 2.0, () => c + 1.0), x), Ones([4])),
        ["constant"] = Computation.Of((Tensor x) => new TreePair<Tensor, Tensor>(Scalar(2f), From(1f, 2f, 3f)), Ones([2])),
        ["identity"] = Computation.Of((Tensor x) => x, Ones([2])),
        ["nothing"] = Computation.Of((TreeList<Tensor> x) => x, []),
        ["long"] = Computation.Of((Tensor x) => Enumerable.Range(0, 60).Aggregate(x, (y, k) => k % 3 == 0 ? Tanh(y) + x : y * x), Ones([2])),
    };

    public static TheoryData<string> Names() => [.. Samples.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_svg_is_well_formed_and_shows_every_operation(string name)
    {
        var root = XDocument.Parse(Samples[name].ToSvg()).Root!;
        Assert.Equal(Svg + "svg", root.Name);
        var titles = root.Descendants(Svg + "text").Select(t => t.Value).ToList();
        foreach (var (operation, count) in Samples[name].OperationCounts.Where(pair => pair.Key is not ("broadcast" or "identity")))
            Assert.True(titles.Count(t => t == operation) >= count, $"{operation} is missing");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Boxes_lie_inside_the_picture_and_overlap_only_when_nested(string name)
    {
        var root = XDocument.Parse(Samples[name].ToSvg()).Root!;
        var (width, height) = (Number(root, "width"), Number(root, "height"));
        var boxes = root.Descendants(Svg + "rect").Select(r => (X: Number(r, "x"), Y: Number(r, "y"), Right: Number(r, "x") + Number(r, "width"), Bottom: Number(r, "y") + Number(r, "height"))).ToList();
        Assert.All(boxes, b => Assert.True(b.X >= 0 && b.Y >= 0 && b.Right <= width && b.Bottom <= height));
        for (var i = 0; i < boxes.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var (a, b) = (boxes[i], boxes[j]);
                var isApart = a.Right <= b.X || b.Right <= a.X || a.Bottom <= b.Y || b.Bottom <= a.Y;
                var isNested = Contains(a, b) || Contains(b, a);
                Assert.True(isApart || isNested, $"boxes {a} and {b} overlap");
            }
        }

        static bool Contains((double X, double Y, double Right, double Bottom) a, (double X, double Y, double Right, double Bottom) b) =>
            a.X <= b.X && a.Y <= b.Y && b.Right <= a.Right && b.Bottom <= a.Bottom;
    }

    [Fact]
    public void Text_that_xml_does_not_take_is_escaped()
    {
        var arguments = new TreeDictionary<Tensor>(new Dictionary<string, Tensor> { ["<a & \"b\">\u0001"] = Ones([2]) });
        var svg = Computation.Of((TreeDictionary<Tensor> x) => x.Values.First() * 2.0, arguments).ToSvg();
        Assert.Contains("x[\"<a & \\\"b\\\">\uFFFD\"]", XDocument.Parse(svg).Descendants(Svg + "text").Select(t => t.Value));
    }

    [Fact]
    public void Scalar_constants_stand_in_the_operation_that_uses_them()
    {
        var texts = XDocument.Parse(Computation.Of((Tensor x) => 1.5 - x, Ones([2])).ToSvg()).Descendants(Svg + "text").Select(t => t.Value).ToList();
        Assert.Contains("(1.5, ·)", texts);
        Assert.DoesNotContain("constant", texts);
    }

    [Fact]
    public void Dot_lists_nodes_edges_with_types_and_clusters()
    {
        const string Expected = """
            digraph "computation" {
              bgcolor=transparent; node [shape=box, style="rounded,filled", fontname=monospace, fontsize=11]; edge [color="#7a7a7a", fontcolor="#7a7a7a", fontname=monospace, fontsize=9];
              n0 [label="x\nf32[]", tooltip="f32[]", fillcolor="#cfe3ff", color="#5b8def"];
              n1 [label="iota\ntype=i32[3], axis=0", tooltip="type=i32[3], axis=0", fillcolor="#d2eeee", color="#3d9a9a"];
              subgraph cluster_n2 {
                style=rounded; color="#8c8c8c";
                n2 [label="scan\nlength=3, constants=1, carries=1 (·, 1, ·)", tooltip="length=3, constants=1, carries=1 (·, 1, ·)", fillcolor="#ececec", color="#8c8c8c"];
                subgraph cluster_n2_0 {
                  style=dashed; fontcolor="#7a7a7a"; label="";
                  n2_0_0 [label="x\nf32[]", tooltip="f32[]", fillcolor="#cfe3ff", color="#5b8def"];
                  n2_0_1 [label="input\nf32[]", tooltip="f32[]", fillcolor="#cfe3ff", color="#5b8def"];
                  n2_0_2 [label="input\ni32[]", tooltip="i32[]", fillcolor="#cfe3ff", color="#5b8def"];
                  n2_0_3 [label="multiply", tooltip="", fillcolor="#fdeebd", color="#c99a12"];
                  n2_0_4 [label="output\nf32[]", tooltip="f32[]", fillcolor="#d3efd3", color="#4f9d4f"];
                  n2_0_1 -> n2_0_3 [label="f32[]"];
                  n2_0_0 -> n2_0_3 [label="f32[]"];
                  n2_0_3 -> n2_0_4 [label="f32[]"];
                }
              }
              n3 [label="output\nf32[]", tooltip="f32[]", fillcolor="#d3efd3", color="#4f9d4f"];
              n0 -> n2 [label="f32[]"];
              n1 -> n2 [label="i32[3]"];
              n2 -> n3 [label="f32[]"];
            }

            """;
        Assert.Equal(Expected, Computation.Of((Tensor x) => Control.Repeat(3, (_, y) => y * x, Scalar(1f)), Scalar(2f)).ToDot());
    }

    private static double Number(XElement element, string attribute) => double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);
}
