using Paramorph;
using Paramorph.Layers;

namespace ResumableTraining;

/// <summary>One hidden layer, of which a part is dropped in training.</summary>
[Tree]
internal sealed partial record Classifier(Linear Hidden, Dropout Dropout, Linear Output)
{
    /// <summary>Points [batch, 2] give logits [batch, 2].</summary>
    public Tensor Call(Tensor points, Key? key) => Output.Call(Dropout.Call(Tensor.Tanh(Hidden.Call(points)), key));
}
