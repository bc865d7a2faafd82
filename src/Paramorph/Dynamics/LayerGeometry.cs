namespace Paramorph.Dynamics;

/// <summary>
/// What a layer keeps of its inputs and takes from the two classes that they belong to, by the measures of <see cref="RepresentationalGeometry"/>. (Alleman et al., "Task structure and
/// nonlinearity jointly determine learned representational geometry", 2024.)
/// </summary>
/// <param name="Target">The centred alignment of the layer's kernel with that of the labels, from 0 to 1.</param>
/// <param name="Parallelism">The parallelism score of the classes in the layer, from -1 to 1.</param>
/// <param name="Input">The centred alignment of the layer's kernel with that of its inputs, from 0 to 1.</param>
/// <param name="Selectivity">How far features answer to single conditions, up to 1.</param>
public readonly record struct LayerGeometry(double Target, double Parallelism, double Input, double Selectivity)
{
    /// <summary>What measures a layer; it is compiled.</summary>
    /// <param name="answers">From a model and conditions [conditions, inputs] to the layer's answers [conditions, features].</param>
    /// <param name="sides">The class of each condition; both have equally many, from 2 to 6.</param>
    /// <returns>From a model and conditions to the measures.</returns>
    public static Func<TModel, Tensor, LayerGeometry> Of<TModel>(Func<TModel, Tensor, Tensor> answers, IReadOnlyList<bool> sides)
        where TModel : ITree<TModel>
    {
        var measures = Compile.Of((TModel model, Tensor conditions) => Measures(answers(model, conditions), conditions, sides));
        return (model, conditions) =>
        {
            var found = measures(model, conditions).ToDoubles();
            return new(found[0], found[1], found[2], found[3]);
        };
    }

    private static Tensor Measures(Tensor answers, Tensor conditions, IReadOnlyList<bool> sides)
    {
        var kernel = RepresentationalGeometry.Kernel(answers);
        var labels = Tensor.From<float>([.. sides.Select(side => side ? 1f : -1f)]).AsType(answers.ElementType).ExpandDims(1);
        return Tensor.Stack(
        [
            RepresentationalGeometry.CentredAlignment(kernel, RepresentationalGeometry.Kernel(labels)),
            RepresentationalGeometry.ParallelismScore(answers, sides),
            RepresentationalGeometry.CentredAlignment(kernel, RepresentationalGeometry.Kernel(conditions)),
            RepresentationalGeometry.Selectivity(answers),
        ]);
    }
}
