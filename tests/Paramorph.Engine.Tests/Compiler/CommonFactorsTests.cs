using Paramorph.Compiler;
using Paramorph.Tests.Primitives;

namespace Paramorph.Tests.Compiler;

/// <summary>Factors that products of a sum have in common.</summary>
public class CommonFactorsTests
{
    private static readonly TensorType Vector = new(ElementType.Float64, [40]);

    [Fact]
    public void A_common_factor_is_multiplied_once()
    {
        var computation = Computation.Trace("sum", p => [p[0] * p[1] * 2.0 - p[2] * (-p[0] * 3.0)], [Vector, Vector, Vector]);
        var factored = Applied(computation);
        Assert.Equal(1, factored.Operations.Count(o => o.Inputs.Contains(factored.Inputs[0])));
        AssertSame(computation, factored);
    }

    [Fact]
    public void Sums_of_several_products_have_it_taken_out_of_all()
    {
        var computation = Computation.Trace("sum", p => [p[0] * p[1] + p[0] * p[2] + p[3] * p[0] + p[0]], [Vector, Vector, Vector, Vector]);
        var factored = Applied(computation);
        Assert.Equal(1, factored.Operations.Count(o => o.Inputs.Contains(factored.Inputs[0])));
        AssertSame(computation, factored);
    }

    [Fact]
    public void A_product_that_is_read_elsewhere_stays()
    {
        var computation = Computation.Trace("sum", Sum, [Vector, Vector, Vector]);
        Assert.Same(computation, Applied(computation));

        static Tensor[] Sum(Tensor[] p)
        {
            var product = p[0] * p[1];
            return [product + p[0] * p[2], product];
        }
    }

    [Fact]
    public void The_way_back_through_an_activation_that_is_a_product_reads_the_cotangent_once()
    {
        var computation = Computation.Trace("gelu", p => [Gradient.Of(p[0], x => (Tensor.Gelu(x) * p[1]).Sum())], [Vector, Vector]);
        var factored = Applied(computation);
        Assert.Equal(1, factored.Operations.Count(o => o.Inputs.Contains(factored.Inputs[1])));
        AssertSame(computation, factored);
    }

    [Fact]
    public void Integers_keep_their_sums()
    {
        var numbers = new TensorType(ElementType.Int32, [4]);
        var computation = Computation.Trace("sum", p => [p[0] * p[1] + p[0] * p[2]], [numbers, numbers, numbers]);
        Assert.Same(computation, Applied(computation));
    }

    private static Computation Applied(Computation computation) => CommonFactors.Apply(computation, CompilerOptions.Default);

    private static void AssertSame(Computation expected, Computation actual)
    {
        Tensor[] inputs = [.. expected.Inputs.Select((t, i) => Case.Numbers(t.Shape, seed: i + 1).AsType(t.ElementType).Evaluate())];
        var (wanted, given) = (expected.EvaluateReference(inputs), actual.EvaluateReference(inputs));
        for (var i = 0; i < wanted.Length; i++) Expect.Close(wanted[i], given[i], 1e-13, $"output {i}");
    }
}
