using Paramorph.Tests.Primitives;

namespace Paramorph.Tests;

public class PictureTests
{
    private const string Command = "PARAMORPH_WRITE_PAGES=1 dotnet test tests/Paramorph.Engine.Tests --filter PictureTests";

    /// <summary>The picture of the README: the gradient of a small layer, as the language sees it.</summary>
    [Fact]
    public void The_picture_of_a_gradient_is_up_to_date()
    {
        var (weight, x) = (Tensor.Zeros([3, 2]), Tensor.Zeros([8, 3]));
        var gradient = Computation.Of((Tensor weight, Tensor x) => Gradient.Of(weight, w => Tensor.Square(Tensor.Tanh(x.Dot(w))).Mean()), weight, x);
        var file = Path.Combine(Path.GetDirectoryName(PrimitivesPage.File())!, "gradient.svg");
        var svg = gradient.ToSvg().ReplaceLineEndings("\n");
        if (Environment.GetEnvironmentVariable("PARAMORPH_WRITE_PAGES") == "1") File.WriteAllText(file, svg);
        Assert.True(File.Exists(file) && File.ReadAllText(file).ReplaceLineEndings("\n") == svg, $"docs/gradient.svg is out of date; make it anew with: {Command}");
    }
}
