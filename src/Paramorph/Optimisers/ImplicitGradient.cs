namespace Paramorph.Optimisers;

/// <summary>
/// The gradient of a validation loss in hyperparameters, through the minimiser of a training loss that they shape: -∂L_V/∂w (∂²L_T/∂w²)⁻¹ ∂²L_T/∂w∂λ by the implicit function theorem, where the inverse is a sum of
/// powers, α Σ (I - α ∂²L_T/∂w²)ʲ, each a product with the Hessian. (Lorraine, Vicol and Duvenaud, "Optimizing millions of hyperparameters by implicit differentiation", 2020, Algorithms 2 and 3.)
/// </summary>
public static class ImplicitGradient
{
    /// <summary>The gradient at a minimiser of the training loss; hyperparameters on which the validation loss depends directly have that gradient to add.</summary>
    /// <param name="model">The minimiser, or what is near it.</param>
    /// <param name="hyperparameters">The hyperparameters.</param>
    /// <param name="training">The training loss of both.</param>
    /// <param name="validation">The validation loss of the model.</param>
    /// <param name="terms">Terms of the sum behind the first; with 0 the inverse is α times the identity. Each costs a product with the Hessian, some two gradients.</param>
    /// <param name="rate">α, below 2 over the largest eigenvalue of the Hessian, or the sum diverges: a learning rate at which gradient descent is stable.</param>
    /// <typeparam name="TModel">What is trained.</typeparam>
    /// <typeparam name="THyper">The hyperparameters.</typeparam>
    public static THyper Of<TModel, THyper>(
        TModel model, THyper hyperparameters, Func<TModel, THyper, Tensor> training, Func<TModel, Tensor> validation, int terms, Tensor rate)
        where TModel : ITree<TModel>
        where THyper : ITree<THyper>
    {
        ArgumentOutOfRangeException.ThrowIfNegative(terms);
        TModel HessianTimes(TModel vector) => Jvp.Of(model, vector, m => Gradient.Of(m, w => training(w, hyperparameters))).Tangent;
        var start = Gradient.Of(model, validation);
        var (_, solved) = terms == 0 ? new(start, start) : Control.Repeat(
            terms,
            (_, pair) =>
            {
                var next = Tree.Zip(pair.Item1, HessianTimes(pair.Item1), (v, product) => v - rate.AsType(v.ElementType) * product);
                return (next, Tree.Zip(pair.Item2, next, (sum, v) => sum + v));
            },
            new TreePair<TModel, TModel>(start, start));
        var mixed = Gradient.Of(hyperparameters, h => Inner(Gradient.Of(model, w => training(w, h)), solved));
        return Tree.Map(mixed, leaf => -rate.AsType(leaf.ElementType) * leaf);
    }

    /// <summary>The same without an approximation, for models of up to some thousand numbers: the whole Hessian is made and solved for.</summary>
    /// <param name="model">The minimiser, a vector of real numbers.</param>
    /// <param name="hyperparameters">The hyperparameters.</param>
    /// <param name="training">The training loss of both.</param>
    /// <param name="validation">The validation loss of the model.</param>
    /// <returns>The gradient, and the largest eigenvalue of the Hessian.</returns>
    /// <exception cref="ShapeException">The model is no vector.</exception>
    public static (THyper Gradient, double LargestCurvature) Exact<THyper>(Tensor model, THyper hyperparameters, Func<Tensor, THyper, Tensor> training, Func<Tensor, Tensor> validation)
        where THyper : ITree<THyper>
    {
        if (model.Rank != 1) throw new ShapeException($"implicit gradient: {model.Type} is no vector, whose Hessian would be a matrix.");
        Tensor Along(Tensor direction) => Jvp.Of(model, direction, w => Gradient.Of(w, w => training(w, hyperparameters))).Tangent;
        var hessian = Compile.Of((Tensor eye) => Vmap.Of(Along, eye))(Tensor.Eye(model.Count, model.ElementType));
        var solved = LinearAlgebra.Solve(hessian, Gradient.Of(model, validation).ExpandDims(-1)).Squeeze(-1).Evaluate();
        var mixed = Gradient.Of(hyperparameters, h => (Gradient.Of(model, w => training(w, h)) * solved).Sum());
        return (Tree.Map(mixed, leaf => (-leaf).Evaluate()), LinearAlgebra.Eigh(hessian).Values.ToDoubles()[^1]);
    }

    private static Tensor Inner<TModel>(TModel first, TModel second)
        where TModel : ITree<TModel> => Tree.Leaves(first).Zip(Tree.Leaves(second), (a, b) => (a * b).Sum()).Aggregate((sum, part) => sum + part);
}
