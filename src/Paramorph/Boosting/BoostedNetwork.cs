using Paramorph.Bayes;
using Paramorph.Data;
using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Optimisers;
using Paramorph.Problems;
using Paramorph.Training;

namespace Paramorph.Boosting;

/// <summary>
/// A network of one hidden layer that is trained a few neurons at a time: first a constant, then, step by step, neurons that approximate what those before leave, the negative gradient of the loss.
/// Joined they are one network, of which the last neurons can be left out. (Emami and Martínez-Muñoz, "Sequential training of neural networks with gradient boosting", 2023.)
/// </summary>
public static class BoostedNetwork
{
    /// <summary>Steps of Adam on all examples for each part.</summary>
    private const int PartSteps = 150;

    private const double PartRate = 0.05;

    /// <summary>It as a method; its model is an <see cref="Mlp"/>.</summary>
    [Method]
    public static Method Method { get; } = new SolvedMethod("boosted-network", "A network of one hidden layer whose neurons are added a few at a time by gradient boosting.", Fit, Shape, Work)
    {
        Kinds = ["table-regression", "table-classification"],
        GoodAt = "tables where an answer may have to be made in less time: the last neurons can be left out",
        Paper = "Emami and Martínez-Muñoz, Sequential training of neural networks with gradient boosting, 2023",
        IsAutomatic = false,
        Own =
        [
            Hyperparameter.Whole("parts", "steps of boosting", 40, 20, 100),
            Hyperparameter.Whole("neurons", "neurons of each", 5, 2, 10),
            Hyperparameter.Number("rate", "what each part's answer is multiplied by", 0.5, 0.1, 1),
            Hyperparameter.Number("rows", "share of the examples that a part sees", 0.75, 0.5, 1, HyperparameterScale.Linear),
        ],
    };

    /// <summary>The network with its first hidden neurons alone.</summary>
    /// <param name="network">A network of one hidden layer.</param>
    /// <param name="neurons">How many, at least 1.</param>
    /// <exception cref="ShapeException">The network has more layers, or fewer neurons.</exception>
    public static Mlp First(Mlp network, int neurons)
    {
        if (network.Layers.Count != 2 || neurons < 1 || neurons > network.Layers[1].Weight.Shape[0])
            throw new ShapeException($"boosted network: there are no {neurons} first neurons of one hidden layer in a network of {network.Layers.Count - 1} with {network.Layers[^1].Weight.Shape[0]} in the last.");
        var (hidden, output) = (network.Layers[0], network.Layers[1]);
        return network with { Layers = [new(hidden.Weight[.., ..neurons].Evaluate(), hidden.Bias?[..neurons].Evaluate()), output with { Weight = output.Weight[..neurons].Evaluate() }] };
    }

    private static Mlp Fit(ExamplesProblem problem, FitRun run)
    {
        var (choice, train, outputs) = (run.Configuration, problem.Train, problem.Signature.Outputs);
        var (neurons, parts) = (choice.Whole("neurons"), Math.Max(1, (int)Math.Round(choice.Whole("parts") * run.Share)));
        var isClasses = Indicators.AreClasses(train.Targets);
        var targets = isClasses ? Tensor.OneHot(train.Targets, outputs).Evaluate() : train.Targets.Flatten(1).Evaluate();
        var start = isClasses ? Tensor.Log(targets.Mean(0) + 0.5 / train.Count).Evaluate() : targets.Mean(0).Evaluate();
        var answers = start.BroadcastTo(targets.Shape).Evaluate();
        var trainer = new Trainer<Mlp, Examples>(new Adam(Schedule.Cosine(PartRate, PartSteps)), (part, examples, _) => Loss.MeanSquared(part.Call(examples.Inputs), examples.Targets));
        var seen = Math.Max(2, (int)Math.Round(choice["rows"] * train.Count));
        var done = new List<Mlp>();
        for (var i = 0; i < parts; i++)
        {
            if (run.Deadline.IsCancellationRequested && i > 0)
            {
                run.Note?.Invoke($"the time was over after {i} of {parts} parts");
                break;
            }
            var key = run.Key.Fold(i);
            var left = (isClasses ? targets - answers.Softmax() : targets - answers).Evaluate();
            // Parts begin with features of some sharpness, each at a place of its own, and with nothing said.
            var part = Initialise.Of(key, key => new Mlp(
                [
                    new(2.0 * Sample.Normal(key.Fold(0), [problem.Signature.Inputs, neurons]) / Math.Sqrt(problem.Signature.Inputs), Sample.Normal(key.Fold(1), [neurons])),
                    new(Tensor.Zeros([neurons, outputs]), null),
                ], Activation.Tanh));
            var rows = Tensor.From<int>([.. new KeyRandom(key).Permutation(train.Count).Take(seen)]);
            var batch = new Examples(train.Inputs.Take(rows).Evaluate(), left.Take(rows).Evaluate());
            part = trainer.Run(trainer.Start(part, key), Batches.Whole(batch), new(PartSteps) { ReadEvery = PartSteps, Cancellation = run.Cancellation }).State.Model;
            run.Cancellation.ThrowIfCancellationRequested();
            var added = part.Call(train.Inputs).Evaluate();
            var factor = (Tensor.Scalar((float)choice["rate"]) * Step(added, left, isClasses ? answers.Softmax() : null)).Evaluate();
            done.Add(part with { Layers = [part.Layers[0], part.Layers[1] with { Weight = (part.Layers[1].Weight * factor).Evaluate() }] });
            answers = (answers + factor * added).Evaluate();
            run.Progress?.Invoke(i + 1, parts, Tensor.Square(left).Mean().Item());
        }
        var joined = new Mlp(
            [
                new(Tensor.Concatenate([.. done.Select(part => part.Layers[0].Weight)], 1), Tensor.Concatenate([.. done.Select(part => part.Layers[0].Bias!)])),
                new(Tensor.Concatenate([.. done.Select(part => part.Layers[1].Weight)], 0), start),
            ], Activation.Tanh);
        return Tree.Map(Padded(joined, choice.Whole("parts") * neurons), leaf => leaf.Evaluate());
    }

    /// <summary>How far to go along a part for each output: one step of Newton's from 0, which of squared errors is the best.</summary>
    private static Tensor Step(Tensor added, Tensor left, Tensor? probabilities)
    {
        var curvature = (probabilities is null ? Tensor.Square(added) : Tensor.Square(added) * probabilities * (1.0 - probabilities)).Sum(0);
        // Where hardly anything is left to say a quotient says too much.
        return Tensor.Clamp((added * left).Sum(0) / (curvature + 1e-6), 0.0, 10.0);
    }

    /// <summary>A network with neurons of zeros behind, where fewer parts were fitted than it was to have.</summary>
    private static Mlp Padded(Mlp network, int neurons)
    {
        var (hidden, output) = (network.Layers[0], network.Layers[1]);
        var spare = neurons - output.Weight.Shape[0];
        return network with { Layers = [new(hidden.Weight.Pad([(0, 0), (0, spare)]), hidden.Bias!.Pad([(0, spare)])), output with { Weight = output.Weight.Pad([(0, spare), (0, 0)]) }] };
    }

    private static Mlp Shape(ModelSignature signature, Configuration configuration, IReadOnlyDictionary<string, TensorType> stored) => Initialise.Structure(key =>
        Mlp.Create(key, [signature.Inputs, configuration.Whole("parts") * configuration.Whole("neurons"), signature.Outputs], Activation.Tanh));

    private static Effort Work(ExamplesProblem problem, Configuration configuration)
    {
        var steps = (double)PartSteps * configuration.Whole("parts");
        // Three products forward and back of each neuron with inputs and outputs, and its tanh.
        return new(steps * configuration["rows"] * problem.Split.Train.Count * configuration.Whole("neurons") * (6.0 * (problem.Signature.Inputs + problem.Signature.Outputs) + 40), steps);
    }
}
