using Paramorph.Data;

namespace Paramorph.Tests.Data;

public sealed class ComposedFunctionTests
{
    [Fact]
    public void Values_are_those_of_the_formulas()
    {
        // J0(2.404825...) = 0, exp(1 + 1/4), 1/2 · (-1/3), exp((1 + 0) / 2).
        double[][] places = [[2.404825557695773 / 20], [0.5, -0.5], [0.5, -1 / 3.0], [0.5, 0.5, 0, 1]];
        Numbers.Close([0, Math.Exp(1.25), -1 / 6.0, Math.Exp(0.5)], [.. ComposedFunction.All.Zip(places, (function, place) => function.Value(place))], 1e-12);
    }

    [Fact]
    public void Parts_of_examples_are_of_the_function_and_not_the_same()
    {
        var function = ComposedFunction.All[2];
        Assert.Equal([2, 2, 1], function.Sizes);
        var drawn = function.Draw(Key.Of(1), 40);
        foreach (var (x, y) in (RegressionData[])[drawn.Train, drawn.Validation, drawn.Test])
            Numbers.Close([.. x.ToDoubles().Chunk(2).Select(at => at[0] * at[1])], y.ToDoubles(), 1e-12);
        Assert.Equal(3, new HashSet<double>([drawn.Train.Inputs[0, 0].Item(), drawn.Validation.Inputs[0, 0].Item(), drawn.Test.Inputs[0, 0].Item()]).Count);
    }
}
