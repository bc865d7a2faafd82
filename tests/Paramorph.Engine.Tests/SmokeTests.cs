namespace Paramorph.Tests;

public class SmokeTests
{
    [Fact]
    public void Basics()
    {
        var x = Tensor.From(1.0, 2.0, 3.0);
        var g = Gradient.Of(x, v => (v * v * v).Sum());
        Assert.Equal([3.0, 12.0, 27.0], g.ToArray<double>());
        var h = Hessian.Of(x, v => (v * v * v).Sum());
        Assert.Equal([6.0, 0, 0, 0, 12, 0, 0, 0, 18], h.ToArray<double>());
        var e = Vmap.Of(v => Gradient.Of(v, w => Tensor.Sin(w)), x);
        Assert.Equal(Math.Cos(2), e.ToArray<double>()[1], 12);
        var step = Compile.Of((Tensor a, Tensor b) => a.Dot(b));
        Assert.Equal(14, step(x, x).Item());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ScanGradient(bool remat)
    {
        var w = Tensor.Scalar(0.7);
        var xs = Tensor.From(0.1, 0.2, 0.3);
        Tensor Loop(Tensor w)
        {
            var (c, ys) = Control.Scan<Tensor, Tensor, Tensor>((c, x) => { var n = Tensor.Tanh(c * w + x); return (n, n * n); }, Tensor.Scalar(0.5), xs, rematerialise: remat);
            return c + ys.Sum();
        }
        Tensor Unrolled(Tensor w)
        {
            var c = Tensor.Scalar(0.5);
            Tensor sum = 0.0;
            for (var i = 0; i < 3; i++) { c = Tensor.Tanh(c * w + xs[i]); sum = sum + c * c; }
            return c + sum;
        }
        Assert.Equal(Gradient.Of(w, Unrolled).Item(), Gradient.Of(w, Loop).Item(), 12);
        Assert.Equal(Hessian.Of(w, Unrolled).Item(), Hessian.Of(w, Loop).Item(), 12);
        Assert.Equal(Jvp.Of(w, Tensor.Scalar(1.0), Unrolled).Tangent.Item(), Jvp.Of(w, Tensor.Scalar(1.0), Loop).Tangent.Item(), 12);
        var many = Tensor.From(0.1, 0.9);
        var batch = Vmap.Of(v => Gradient.Of(v, Loop), many).ToArray<double>();
        Assert.Equal(Gradient.Of(many[1], Unrolled).Item(), batch[1], 12);
    }
}
