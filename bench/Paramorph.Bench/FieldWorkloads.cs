using static Paramorph.Bench.Workloads;

namespace Paramorph.Bench;

/// <summary>Steps of networks that are functions of coordinates or of fields.</summary>
internal static class FieldWorkloads
{
    /// <summary>A physics-informed network of the Burgers equation.</summary>
    public static Workload Burgers(string name, ElementType type)
    {
        var random = new Random(0);
        var parameters = Mlp(random, [2, .. Enumerable.Repeat(20, 8), 1], type);
        var xt = Uniform(random, [10000, 2], -1, 1, type);
        var (bx, by) = (Uniform(random, [200, 2], 0, 1, type), Uniform(random, [200, 1], 0, 1, type));
        Tensor Network(TreeList<Tensor> p, Tensor x) => Forward(p, x, Tensor.Tanh);
        return Adam(name, parameters, p =>
        {
            var alongX = Taylor.Derivatives(xt, Tensor.From(1.0, 0.0).AsType(type), 2, x => Network(p, x));
            var alongT = Taylor.Derivatives(xt, Tensor.From(0.0, 1.0).AsType(type), 1, x => Network(p, x));
            var (u, ux, uxx, ut) = (alongX[0], alongX[1], alongX[2], alongT[1]);
            var residual = ut + u * ux - 0.01 / Math.PI * uxx;
            return Tensor.Square(residual).Mean() + Tensor.Square(Network(p, bx) - by).Mean();
        });
    }

    /// <summary>A physics-informed network of the Poisson equation in three dimensions, whose source is that of a product of sines.</summary>
    public static Workload Poisson()
    {
        var random = new Random(0);
        var parameters = Mlp(random, [3, 50, 50, 50, 50, 1]);
        var (inside, boundary) = (Uniform(random, [5000, 3], 0, 1), Uniform(random, [512, 3], 0, 1));
        var source = (3 * Math.PI * Math.PI * Tensor.Sin(Math.PI * inside).Product(1)).Evaluate();
        return Adam("pinn_poisson3d_50", parameters, p =>
        {
            Tensor Field(Tensor x) => Forward(p, x, Tensor.Tanh);
            var laplacian = Taylor.Laplacian(inside, x => Field(x).Reshape(-1)).Laplacian;
            return Tensor.Square(laplacian + source).Mean() + Tensor.Square(Field(boundary)).Mean();
        });
    }

    /// <summary>A Fourier neural operator.</summary>
    public static Workload FourierOperator()
    {
        const int Channels = 32, Modes = 12, Layers = 4, Batch = 16, Size = 64;
        var random = new Random(0);
        var scale = 1.0 / Channels / Channels;
        List<Tensor> parameters = [.. Pointwise(random, 3, Channels)];
        for (var i = 0; i < Layers; i++)
        {
            // Real and imaginary parts of the weights of low and of high frequencies.
            for (var k = 0; k < 4; k++) parameters.Add(Uniform(random, [Channels, Channels, Modes, Modes], -scale, scale));
            parameters.AddRange(Pointwise(random, Channels, Channels));
        }
        parameters.AddRange(Pointwise(random, Channels, 128));
        parameters.AddRange(Pointwise(random, 128, 1));
        var (x, y) = (Uniform(random, [Batch, 3, Size, Size], -1.7, 1.7), Uniform(random, [Batch, 1, Size, Size], -1.7, 1.7));
        return Adam("fno2d", [.. parameters], p =>
        {
            var next = 0;
            Tensor Convolved(Tensor t) => Tensor.Convolve(t, p[next++]) + p[next++].Reshape(-1, 1, 1);
            var h = Convolved(x);
            for (var i = 0; i < Layers; i++)
            {
                var spectrum = Fourier.Rfft2(h);
                var low = Mixed(spectrum[.., .., ..Modes, ..Modes], Tensor.Complex(p[next++], p[next++]));
                var high = Mixed(spectrum[.., .., ^Modes.., ..Modes], Tensor.Complex(p[next++], p[next++]));
                var middle = Tensor.Zeros([Batch, Channels, Size - 2 * Modes, Modes], ElementType.Complex64);
                var kept = Tensor.Concatenate([low, middle, high], 2).Pad([(0, 0), (0, 0), (0, 0), (0, Size / 2 + 1 - Modes)]);
                h = Tensor.Gelu(Fourier.Irfft2(kept, Size) + Convolved(h));
            }
            h = Convolved(Tensor.Gelu(Convolved(h)));
            return Tensor.Square(h - y).Mean();
        });

        static Tensor Mixed(Tensor spectrum, Tensor weights) => Einsum.Of("bixy,ioxy->boxy", spectrum, weights);
    }

    private static IEnumerable<Tensor> Pointwise(Random random, int from, int to)
    {
        var bound = 1 / Math.Sqrt(from);
        return [Uniform(random, [to, from, 1, 1], -bound, bound), Uniform(random, [to], -bound, bound)];
    }
}
