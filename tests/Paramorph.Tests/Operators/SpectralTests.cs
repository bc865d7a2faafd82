using System.Numerics;
using Paramorph.Operators;
using Paramorph.Parameters;
using Paramorph.Tests.Layers;
using static Paramorph.Tests.Layers.Loops;

namespace Paramorph.Tests.Operators;

public class SpectralTests
{
    /// <summary>The modes and a grid.</summary>
    public static TheoryData<int[], int[]> Grids() => new()
    {
        { [3], [8] },
        { [3], [5] },
        { [2, 3], [4, 7] },
        { [2, 2], [3, 4] },
        { [2, 1, 2], [3, 2, 4] },
    };

    [Theory]
    [MemberData(nameof(Grids))]
    public void A_spectral_convolution_mixes_the_channels_of_each_low_frequency(int[] modes, int[] grid)
    {
        var layer = SpectralConvolution.Create(Key.Of(1), 2, 3, [.. modes], ElementType.Float64);
        var x = Numbers([2, 2, .. grid]);
        Agree(Convolved(layer, x, modes, grid), layer, x, (m, x) => m.Call(x));
    }

    [Fact]
    public void A_spectral_convolution_serves_finer_grids()
    {
        var layer = SpectralConvolution.Create(Key.Of(1), 1, 1, [3, 3], ElementType.Float64);
        Tensor Field(int n) => Fill([1, n, n], at => Math.Sin(2 * Math.PI * (at[1] + 2 * at[2]) / n) + Math.Cos(2 * Math.PI * 2 * at[1] / n));
        Expect.Close(layer.Call(Field(8)), layer.Call(Field(16))[.., TensorIndex.Every(2, ..), TensorIndex.Every(2, ..)], 1e-12);
    }

    [Fact]
    public void Weights_keep_the_size_of_what_they_let_through()
    {
        var layer = SpectralConvolution.Create(Key.Of(1), 64, 64, [4, 4], ElementType.Float64);
        Assert.Equal(1.0 / 64, Tensor.Square(Tensor.Abs(layer.Weight)).Mean().Item(), 3e-3 / 64 * 10);
        Assert.Equal(64 * 64 * 7 * 4, ParameterCount.Of(layer));
    }

    [Fact]
    public void An_operator_lifts_passes_its_blocks_and_projects()
    {
        var net = FourierNeuralOperator.Create(Key.Of(1), 2, 1, [2, 2], width: 3, blocks: 2, projection: 4, type: ElementType.Float64);
        var x = Numbers(2, 2, 4, 5);
        Tensor Everywhere(Paramorph.Layers.Linear layer, Tensor t) => layer.Call(t.MoveAxis(1, -1)).MoveAxis(-1, 1);
        var y = Everywhere(net.Lifting, x);
        y = Tensor.Gelu(Convolved(net.Spectral[0], y, [2, 2], [4, 5]) + Everywhere(net.Mixing[0], y));
        y = Convolved(net.Spectral[1], y, [2, 2], [4, 5]) + Everywhere(net.Mixing[1], y);
        var expected = Everywhere(net.Projection.Layers[1], Tensor.Gelu(Everywhere(net.Projection.Layers[0], y)));
        Agree(expected, net, x, (m, x) => m.Call(x), 1e-11);
    }

    [Fact]
    public void An_operator_on_a_line_keeps_its_grid() =>
        Assert.Equal("[5, 1, 32]", FourierNeuralOperator.Create(Key.Of(1), 2, 1, [8], width: 4).Call(Tensor.Ones([5, 2, 32])).Shape.ToString());

    [Fact]
    public void A_grid_too_coarse_for_the_modes_is_refused()
    {
        var layer = SpectralConvolution.Create(Key.Of(1), 1, 1, [3, 3]);
        var error = Assert.Throws<ShapeException>(() => layer.Call(Tensor.Ones([1, 4, 8])));
        Assert.Equal("spectral convolution: axis 0 of the grid of f32[1, 4, 8] has 4 frequencies, but the weight c64[1, 1, 5, 3] keeps 5: use a finer grid or fewer modes.", error.Message);
    }

    /// <summary>The convolution as sums over all places and frequencies.</summary>
    private static Tensor Convolved(SpectralConvolution layer, Tensor x, int[] modes, int[] grid)
    {
        var (values, real, imaginary) = (Elements(x), Elements(Tensor.Real(layer.Weight)), Elements(Tensor.Imaginary(layer.Weight)));
        var (channels, outputs, axes) = (layer.Weight.Shape[0], layer.Weight.Shape[1], grid.Length);
        var sizes = layer.Weight.Shape[2..];
        int Signed(int index, int axis) => axis < axes - 1 && index >= modes[axis] ? index - sizes[axis] : index;
        double Phase(int[] index, int[] place, int skip) =>
            2 * Math.PI * Enumerable.Range(0, axes).Sum(a => (double)Signed(index[a], a) * place[a + skip] / grid[a]);
        var spectra = new Dictionary<string, Complex>();
        for (var b = 0; b < x.Shape[0]; b++)
        {
            foreach (var k in All(sizes))
            {
                for (var o = 0; o < outputs; o++)
                {
                    var sum = Complex.Zero;
                    for (var c = 0; c < channels; c++)
                    {
                        var amplitude = All(Shape.Create(grid)).Aggregate(Complex.Zero, (s, p) => s + values([b, c, .. p]) * Complex.Exp(-Complex.ImaginaryOne * Phase(k, p, 0)));
                        sum += amplitude * new Complex(real([c, o, .. k]), imaginary([c, o, .. k]));
                    }
                    spectra[string.Join(",", [b, o, .. k])] = sum;
                }
            }
        }
        // A frequency of the halved axis stands for its negative too, unless it is its own; the real part is what an inverse real transform keeps.
        return Fill([x.Shape[0], outputs, .. grid], at => All(sizes).Sum(k =>
        {
            var own = k[^1] == 0 || 2 * k[^1] == grid[^1];
            return (own ? 1 : 2) * (spectra[string.Join(",", [at[0], at[1], .. k])] * Complex.Exp(Complex.ImaginaryOne * Phase(k, at, 2))).Real;
        }) / grid.Aggregate(1.0, (a, n) => a * n));
    }
}
