using Paramorph.Layers;
using Paramorph.Methods;

namespace Paramorph.Sequences;

/// <summary>
/// A perceptron from the past of a channel to its future, beside a linear map. (Das et al., "Long-term forecasting with TiDE: time-series dense encoder", 2023, without covariates.)
/// </summary>
/// <param name="Network">The perceptron.</param>
/// <param name="Skip">The linear map.</param>
[Tree]
public sealed partial record MlpForecast(Mlp Network, Linear Skip) : ILayer
{
    /// <summary>It as a method.</summary>
    [Method]
    public static Method Method { get; } = new NetworkMethod("mlp-forecast", "A perceptron beside a linear map from the steps back to the steps ahead, the same for all channels.", (key, signature, choice) =>
        Initialise.Of<ILayer>(key, key => new ReversibleInstanceNorm(Create(key, signature.Input[0], signature.Output[0], choice.Whole("width"), choice.Whole("depth")), signature.Output[1])))
    {
        Kinds = ["forecasting"],
        GoodAt = "series of several thousand times whose future is no linear function of the past",
        Paper = "Das et al., Long-term forecasting with TiDE: time-series dense encoder, 2023",
        Own = [Hyperparameter.Whole("width", "neurons of a hidden layer", 64, 16, 256), Hyperparameter.Whole("depth", "hidden layers", 1, 1, 3, HyperparameterScale.Linear)],
        Rate = NetworkMethod.UsualRate.Within(1e-3, 1e-4, 1e-2),
        Decay = NetworkMethod.UsualDecay.Within(1e-1, 1e-3, 3),
        Epochs = NetworkMethod.UsualEpochs.Within(6, 2, 30),
    };

    /// <summary>A network with drawn weights.</summary>
    /// <param name="key">The key.</param>
    /// <param name="lookback">Times seen.</param>
    /// <param name="horizon">Times ahead.</param>
    /// <param name="width">Neurons of a hidden layer.</param>
    /// <param name="depth">Hidden layers.</param>
    public static MlpForecast Create(Key key, int lookback, int horizon, int width, int depth) => new(
        Mlp.Create(key.Fold(0), [lookback, .. Enumerable.Repeat(width, depth), horizon], Tensor.Gelu), Linear.Create(key.Fold(1), lookback, horizon));

    /// <summary>[..., lookback] gives [..., horizon].</summary>
    public Tensor Call(Tensor x) => Network.Call(x) + Skip.Call(x);
}
