using Paramorph.Layers;
using Paramorph.Parameters;

namespace Paramorph.Physics;

/// <summary>A way to learn a <see cref="PeriodicFlow"/> by its equation alone.</summary>
/// <param name="Create">Draws the network.</param>
/// <param name="Loss">From a network, the speed c [], the viscosity, points (x, t) [n, 2], starts (x, 0) [m, 2] and the weight of the errors at these to what is minimised.</param>
/// <param name="Call">What the network gives at points: [n, 2] to [n, components].</param>
/// <param name="AtPlaces">The state at places from what the network gives at the points of one time.</param>
/// <typeparam name="TModel">The network.</typeparam>
public sealed record FlowNetwork<TModel>(
    Func<Key, TModel> Create,
    Func<TModel, Tensor, double, Tensor, Tensor, double, Tensor> Loss,
    Func<TModel, Tensor, Tensor> Call,
    Func<Tensor, IReadOnlyList<double>, double[]> AtPlaces)
    where TModel : ITree<TModel>
{
    private readonly Func<TModel, Tensor, Tensor> call = Compile.Of(Call);

    /// <summary>The loss at points of the whole period and times from 0 to 1 that a key draws, and at half as many starts.</summary>
    /// <param name="model">The network.</param>
    /// <param name="speed">c [].</param>
    /// <param name="viscosity">nu; 0 for convection.</param>
    /// <param name="key">Draws points and starts.</param>
    /// <param name="points">How many points, 2 or more.</param>
    /// <param name="initialWeight">How much errors at the starts count.</param>
    public Tensor LossAtDrawn(TModel model, Tensor speed, double viscosity, Key key, int points, double initialWeight)
    {
        var starts = Sample.Uniform(key.Fold(1), [points / 2, 1]) * PeriodicFlow.Period;
        return Loss(
            model, speed, viscosity, Sample.Uniform(key.Fold(0), [points, 2]) * Tensor.From((float)PeriodicFlow.Period, 1f),
            Tensor.Concatenate([starts, Tensor.ZerosLike(starts)], 1), initialWeight);
    }

    /// <summary>u at the places of a flow, time by time.</summary>
    /// <param name="model">The network.</param>
    /// <param name="flow">The flow.</param>
    public double[][] States(TModel model, PeriodicFlow flow) => [.. flow.Points().Select(points => AtPlaces(call(model, points), flow.Places))];
}

/// <summary>The two ways to learn a flow: in place, and along its paths.</summary>
public static class FlowNetwork
{
    /// <summary>Two networks of tanh that travel with the flow, one of the paths, with two hidden layers, and one of the state on them, with four (<see cref="LagrangianNetwork"/>).</summary>
    /// <param name="width">The width of the hidden layers.</param>
    public static FlowNetwork<LagrangianNetwork> Travelling(int width) => new(
        key => LagrangianNetwork.Create(key, width, pathLayers: 2, stateLayers: 4, PeriodicFlow.Period),
        (network, speed, viscosity, points, starts, weight) => network.Loss(u => Velocity(speed, viscosity, u), viscosity, Tensor.Sin, points, starts, weight),
        (network, points) => network.Call(points),
        (carried, places) => LagrangianNetwork.AtPlaces(carried, places, PeriodicFlow.Period));

    /// <summary>
    /// One network of tanh of the state in place, from the same periodic inputs, with four hidden layers: the narrowest with so many parameters or more. (Raissi, Perdikaris and Karniadakis,
    /// "Physics-informed neural networks", 2019.)
    /// </summary>
    /// <param name="parameters">How many parameters.</param>
    public static FlowNetwork<Mlp> InPlace(long parameters)
    {
        Mlp Network(Key key, int width) => Mlp.Create(key, [3, width, width, width, width, 1], Activation.Tanh);
        var width = Enumerable.Range(1, int.MaxValue - 1).First(width => ParameterCount.Of(Network(Key.Of(0), width)) >= parameters);
        return new(key => Network(key, width), LossInPlace, Field, (state, _) => state.ToDoubles());
    }

    private static Tensor Velocity(Tensor speed, double viscosity, Tensor u) => viscosity > 0 ? speed + u : speed;

    private static Tensor Field(Mlp network, Tensor points) => network.Call(LagrangianNetwork.Encode(points, PeriodicFlow.Period));

    private static Tensor LossInPlace(Mlp network, Tensor speed, double viscosity, Tensor points, Tensor starts, double weight)
    {
        var jet = Jet.Of(p => Field(network, p), points);
        var residual = jet["t"] + Velocity(speed, viscosity, jet.U) * jet["x"];
        if (viscosity > 0) residual -= viscosity * jet["x", "x"];
        return Tensor.Square(residual).Mean() + weight * Tensor.Square(Field(network, starts) - Tensor.Sin(starts[.., ..1])).Mean();
    }
}
