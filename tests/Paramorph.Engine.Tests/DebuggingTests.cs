namespace Paramorph.Tests;

[Collection(nameof(Alone))]
public class DebuggingTests
{
    [Fact]
    public void The_first_operation_that_makes_a_NaN_is_named()
    {
        var x = Tensor.From(1.0, -1.0);
        try
        {
            Debugging.CheckNaN = true;
            var error = Assert.Throws<EvaluationException>(() => (Tensor.Exp(Tensor.Log(x)) + 1.0).Evaluate());
            Assert.Equal("log of f64[2] is the first operation that produced NaN.", error.Message);
            error = Assert.Throws<EvaluationException>(() => Compile.Of<Tensor, Tensor>(v => Tensor.Exp(Tensor.Sqrt(v)).Sum())(x));
            Assert.Equal("sqrt of f64[2] is the first operation that produced NaN.", error.Message);
            error = Assert.Throws<EvaluationException>(() => Control.Repeat(3, (_, c) => Tensor.Log(c), x).Evaluate());
            Assert.Equal("log of f64[2] is the first operation that produced NaN.", error.Message);
            // A NaN that comes in is not the fault of what it meets.
            Assert.True(double.IsNaN((Tensor.From(double.NaN) * 2.0).Item()));
        }
        finally
        {
            Debugging.CheckNaN = false;
        }
    }
}
