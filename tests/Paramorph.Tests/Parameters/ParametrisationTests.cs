using Paramorph.Parameters;
using static Paramorph.Tensor;

namespace Paramorph.Tests.Parameters;

public partial class ParametrisationTests
{
    private static readonly Mlp Model = new(new(Numbers(5, 4), Numbers(4)), new(Numbers(4, 3) * 0.7, Numbers(3)), "tanh");
    private static readonly Tensor Inputs = Numbers(6, 5) * 0.9;
    private static readonly Mlp Kept = Tree.Map(Model, w => Abs(w) > 0.3);

    [Fact]
    public void A_parametrised_model_without_parametrisations_is_the_model()
    {
        var raw = Parametrised.Of(Model);
        Assert.Equal(Tree.Names(Model), Tree.Names(raw));
        Assert.Equal(Tree.Leaves(Model), Tree.Leaves(raw.Materialise()));
        Assert.Equal("tanh", raw.Materialise().Note);
    }

    [Fact]
    public void Raw_parameters_stand_below_the_leaf_that_they_give()
    {
        var raw = LowRank.Of(Model, rank: 2, Leaves.Named("hidden.*").And(Leaves.Matrices));
        Assert.Equal(["hidden.weight.left", "hidden.weight.right", "hidden.bias", "output.weight", "output.bias"], Tree.Names(raw));
    }

    [Fact]
    public void A_low_rank_weight_is_the_frozen_one_plus_the_product()
    {
        var raw = new LowRank(Numbers(4, 3), Numbers(4, 2) * 0.5, Numbers(2, 3) * 0.2);
        Expect.Close(Product(raw.Left, raw.Right) + raw.Frozen!, raw.Materialise(), 1e-15);
        Expect.Close(Product(raw.Left, raw.Right), (raw with { Frozen = null }).Materialise(), 1e-15);
    }

    [Fact]
    public void A_low_rank_model_starts_as_the_model_and_learns_few_numbers()
    {
        var raw = LowRank.Of(Model, rank: 2);
        SameModel(Model, raw.Materialise());
        Assert.Equal((5 + 4) * 2 + 4 + (4 + 3) * 2 + 3, ParameterCount.Of(raw));
        var left = Tree.Leaves(raw)[0];
        Expect.Close(Eye(2, ElementType.Float64), Product(left.T, left), 1e-14);
    }

    [Fact]
    public void A_low_rank_weight_may_carry_batch_axes()
    {
        var raw = LowRank.Beside(new Identity(Numbers(2, 4, 3)), 1);
        Expect.Close(Numbers(2, 4, 3), raw.Materialise(), 1e-15);
        Assert.Equal("[2, 4, 1]", raw.Left.Shape.ToString());
    }

    [Fact]
    public void A_masked_weight_is_zero_where_it_is_masked()
    {
        var weights = Tree.Leaves(Model).Zip(Tree.Leaves(Kept), (w, k) => w * k.AsType(ElementType.Float64));
        foreach (var (expected, actual) in weights.Zip(Tree.Leaves(Mask.Of(Model, Kept).Materialise()))) Expect.Close(expected, actual, 0);
    }

    [Fact]
    public void The_gradient_of_a_masked_weight_is_exactly_zero_where_it_is_masked()
    {
        var raw = Mask.Of(Model, Kept);
        var gradient = Gradient.Of(raw, r => Loss(r.Materialise()));
        var plain = Gradient.Of(Mask.Of(Model, Kept).Materialise(), Loss);
        foreach (var (path, leaf) in Tree.Names(gradient).Zip(Tree.Leaves(gradient)).Where(pair => pair.First.EndsWith(".weight.weight", StringComparison.Ordinal)))
        {
            var kept = Tree.Leaves(raw)[Array.IndexOf(Tree.Names(raw), path) + 1].ToDoubles();
            var dense = Tree.Leaves(plain)[Array.IndexOf(Tree.Names(plain), path[..^".weight".Length])].ToDoubles();
            Assert.Contains(0.0, kept);
            Assert.Equal(dense.Zip(kept, (g, k) => k == 0 ? 0 : g), leaf.ToDoubles());
        }
    }

    [Fact]
    public void The_gradient_of_a_masked_weight_is_zero_even_where_the_loss_is_infinite()
    {
        var raw = new Mask(new Identity(From(1.0, 2.0)), From(false, true));
        var gradient = Gradient.Of(raw, r => Log(r.Materialise()).Sum());
        Assert.Equal([0.0, 0.5], gradient.Weight.Materialise().ToDoubles());
    }

    [Fact]
    public void A_learned_mask_keeps_what_scores_above_the_threshold()
    {
        var raw = new LearnedMask(new Identity(From(2.0, 3.0, 5.0)), From(0.4, 0.6, 0.5), 0.5);
        Assert.Equal([0.0, 3.0, 0.0], raw.Materialise().ToDoubles());
    }

    [Fact]
    public void The_gradient_of_a_learned_mask_goes_straight_through_to_the_scores()
    {
        var raw = new LearnedMask(new Identity(From(2.0, 3.0, 5.0)), From(0.4, 0.6, 0.5), 0.5);
        var gradient = Gradient.Of(raw, r => (r.Materialise() * From(1.0, 10.0, 100.0)).Sum());
        Assert.Equal([2.0, 30.0, 500.0], gradient.Scores.ToDoubles());
        Assert.Equal([0.0, 10.0, 0.0], gradient.Weight.Materialise().ToDoubles());
    }

    [Fact]
    public void A_normed_weight_has_the_given_lengths_and_the_direction_of_v()
    {
        var v = Numbers(4, 3);
        var w = new WeightNorm(new Identity(v), From(2.0, 1.0, 0.5).ExpandDims(0), 0).Materialise();
        for (var j = 0; j < 3; j++)
        {
            double[] column = v[.., j].ToDoubles(), normed = w[.., j].ToDoubles();
            var length = Math.Sqrt(column.Sum(x => x * x));
            for (var i = 0; i < 4; i++) Assert.Equal(Math.ScaleB(2, -j) * column[i] / length, normed[i], 1e-14);
        }
    }

    [Fact]
    public void A_normed_model_starts_as_the_model() => SameModel(Model, WeightNorm.Of(Model).Materialise());

    [Fact]
    public void A_normed_weight_whose_direction_is_zero_is_zero_with_a_finite_gradient()
    {
        var raw = new WeightNorm(new Identity(From(0.0, 0.0)), From(3.0), 0);
        Assert.Equal([0.0, 0.0], raw.Materialise().ToDoubles());
        Assert.All(Tree.Leaves(Gradient.Of(raw, r => r.Materialise().Sum())).SelectMany(g => g.ToDoubles()), g => Assert.True(double.IsFinite(g)));
    }

    [Fact]
    public void A_complex_weight_is_normed_by_its_modulus()
    {
        var raw = WeightNorm.Along(new Identity(Complex(From(3.0, 0.0), From(4.0, 2.0))), 0);
        Assert.Equal(ElementType.Float64, raw.Length.ElementType);
        Assert.Equal([Math.Sqrt(29)], raw.Length.ToDoubles());
    }

    public static TheoryData<string> Names() => [.. Raw.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Derivatives_agree_with_differences(string name)
    {
        var raw = Raw[name];
        Expect.Derivatives(leaves => [Loss(Tree.Rebuild(raw, leaves).Materialise())], [.. Tree.Leaves(raw).Select((leaf, i) => Moved(leaf, i))]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_merged_model_gives_the_same_outputs(string name)
    {
        var raw = Tree.Rebuild(Raw[name], [.. Tree.Leaves(Raw[name]).Select((leaf, i) => Moved(leaf, i))]);
        var merged = Parametrised.Merge(raw);
        Assert.All(Tree.Leaves(merged), leaf => Assert.True(leaf.IsEvaluated));
        Expect.Close(raw.Materialise().Call(Inputs), merged.Call(Inputs), 0);
        Expect.Close(raw.Materialise().Call(Inputs), Compile.Of((Parametrised<Mlp> r, Tensor x) => r.Materialise().Call(x))(raw, Inputs), 1e-14);
    }

    [Fact]
    public void All_three_compose_in_the_order_in_which_they_are_put_on()
    {
        var raw = Mask.Of(WeightNorm.Of(LowRank.Of(Model, rank: 2)), Kept, Leaves.Matrices);
        Assert.Equal(
            ["hidden.weight.weight.direction.left", "hidden.weight.weight.direction.right", "hidden.weight.weight.length", "hidden.weight.kept", "hidden.bias"],
            Tree.Names(raw)[..5]);
        var (left, right, length, kept) = (Numbers(5, 2), Numbers(2, 4), Numbers(1, 4) + 2, Tree.Leaves(Kept)[0]);
        var weight = Tree.Rebuild(raw, [left, right, length, kept, .. Tree.Leaves(raw)[4..]]).Materialise().Hidden.Weight;
        var v = Model.Hidden.Weight + Product(left, right);
        for (var i = 0; i < 5; i++)
        {
            for (var j = 0; j < 4; j++)
            {
                var expected = length[0, j].Item() * v[i, j].Item() / Math.Sqrt(v[.., j].ToDoubles().Sum(x => x * x)) * kept[i, j].Item();
                Assert.Equal(expected, weight[i, j].Item(), 1e-13);
            }
        }
    }

    [Fact]
    public void A_raw_tree_may_itself_be_parametrised()
    {
        Parametrised<Parametrised<Mlp>> raw = WeightNorm.Of<Parametrised<Mlp>>(LowRank.Of(Model, rank: 2), where: Leaves.Named("*.left"));
        Assert.Equal("hidden.weight.left.direction", Tree.Names(raw)[0]);
        SameModel(Model, raw.Materialise().Materialise());
    }

    [Fact]
    public void The_gradient_has_the_type_of_the_raw_tree()
    {
        var raw = LowRank.Of(Model, rank: 1);
        Parametrised<Mlp> gradient = Gradient.Of(raw, r => Loss(r.Materialise()));
        Assert.Equal(Tree.Structure(raw), Tree.Structure(gradient));
    }

    [Fact]
    public void A_filter_that_means_no_leaf_is_answered_with_the_leaves_that_there_are()
    {
        var error = Assert.Throws<ArgumentException>(() => LowRank.Of(Model, 1, Leaves.Named("layers.*")));
        Assert.StartsWith("no leaf is meant; the leaves are hidden.weight f64[5, 4], hidden.bias f64[4], ", error.Message);
    }

    [Fact]
    public void A_parametrisation_that_changes_a_shape_is_refused()
    {
        var error = Assert.Throws<ShapeException>(() => Parametrised.Of(Model).With(Leaves.Matrices, _ => new LowRank(null, Numbers(5, 1), Numbers(1, 3))));
        Assert.Equal("parametrise: hidden.weight is f64[5, 4], but LowRank makes f64[5, 3] of it: it must keep the type.", error.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void A_rank_that_no_matrix_has_is_refused(int rank)
    {
        var error = Assert.Throws<ShapeException>(() => LowRank.Beside(new Identity(Numbers(4, 3)), rank));
        Assert.Equal($"low rank: rank {rank} does not fit f64[4, 3]: it lies between 1 and 3.", error.Message);
    }

    [Fact]
    public void Masks_of_another_model_are_refused() =>
        Assert.Throws<TreeException>(() => Mask.Of(Model, Kept with { Note = "relu" }));

    private static Dictionary<string, Parametrised<Mlp>> Raw { get; } = new()
    {
        ["mask"] = Mask.Of(Model, Kept),
        ["low rank"] = LowRank.Of(Model, rank: 2),
        ["weight norm"] = WeightNorm.Of(Model),
        ["mask of weight norm of low rank"] = Mask.Of(WeightNorm.Of(LowRank.Of(Model, rank: 1)), Kept, Leaves.Matrices),
        ["low rank of mask"] = LowRank.Of(Mask.Of(Model, Kept), rank: 1),
    };

    private static Tensor Loss(Mlp model) => Square(model.Call(Inputs) - 0.5).Mean();

    private static void SameModel(Mlp expected, Mlp actual)
    {
        foreach (var (e, a) in Tree.Leaves(expected).Zip(Tree.Leaves(actual))) Expect.Close(e, a, 1e-14);
    }

    /// <summary>Raw parameters away from where they start, since a factor of zero hides mistakes.</summary>
    private static Tensor Moved(Tensor leaf, int seed) =>
        leaf.ElementType.IsDifferentiable() ? leaf + 0.1 * Cos(Arange(leaf.Count, ElementType.Float64).ReshapeTo(leaf.Shape) + seed) : leaf;

    private static Tensor Numbers(params ReadOnlySpan<int> sizes)
    {
        var shape = Shape.Create(sizes);
        return Sin(Arange(shape.ElementCount, ElementType.Float64) * 1.7 + 0.3).ReshapeTo(shape).Evaluate();
    }

    private static Tensor Product(Tensor a, Tensor b) => From<double>(
        [.. from i in Enumerable.Range(0, a.Shape[0])
            from j in Enumerable.Range(0, b.Shape[1])
            select Enumerable.Range(0, a.Shape[1]).Sum(k => a[i, k].Item() * b[k, j].Item())],
        [a.Shape[0], b.Shape[1]]);

    [Tree]
    internal sealed partial record Linear(Tensor Weight, Tensor Bias)
    {
        public Tensor Call(Tensor x) => x.Dot(Weight) + Bias;
    }

    [Tree]
    internal sealed partial record Mlp(Linear Hidden, Linear Output, string Note)
    {
        public Tensor Call(Tensor x) => Output.Call(Tanh(Hidden.Call(x)));
    }

    /// <summary>A tensor as it is.</summary>
    [Tree]
    internal sealed partial record Identity(Tensor Value) : IParametrisation<Tensor>
    {
        public Tensor Materialise() => Value;
    }
}
