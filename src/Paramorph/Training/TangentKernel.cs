using Paramorph.Primitives;

namespace Paramorph.Training;

/// <summary>
/// The empirical neural tangent kernel of a model on a batch: products of the gradients of its outputs, Θ(x, y) = J(x) J(y)ᵀ, to which gradient descent amounts while these gradients stay as they are.
/// (Jacot, Gabriel and Hongler, "Neural tangent kernel: convergence and generalization in neural networks", 2018, Eq. 3.) It is a matrix for <see cref="LinearAlgebra.Eigh"/>, the more outputs a larger one;
/// where that is too large, there are its products with vectors.
/// </summary>
/// <remarks>
/// The functions take a model and a batch, a tree of tensors whose first axis is that of examples, and give one number an example, [n], or several, [n, outputs]. The answer to an example must not depend on
/// the others. With a function that gives losses, gradients are those of the loss of each example.
/// </remarks>
public static class TangentKernel
{
    /// <summary>The gradient of each output of each example, as one program for all.</summary>
    /// <param name="model">The model.</param>
    /// <param name="batch">n examples.</param>
    /// <param name="function">From the model and a batch to [n] or [n, outputs].</param>
    /// <returns>A tree of the model's structure, in each leaf of which stand the axes [n] or [n, outputs] before its own; zeros for integers.</returns>
    /// <exception cref="ShapeException">The function does not give [n] or [n, outputs].</exception>
    public static TModel Gradients<TModel, TBatch>(TModel model, TBatch batch, Func<TModel, TBatch, Tensor> function)
        where TModel : ITree<TModel>
        where TBatch : ITree<TBatch> => Vmap.Of(
        example =>
        {
            var (value, pull) = Vjp.Of(model, m => Alone(function(m, Tree.Map(example, x => x.ExpandDims(0)))));
            return value.Rank == 0 ? pull(Tensor.OnesLike(value)) : Vmap.Of(pull, Tensor.Eye(value.Count, value.ElementType));
        },
        batch);

    /// <summary>The kernel between two batches: [a, b], or [a, outputs, b, outputs].</summary>
    /// <param name="model">The model.</param>
    /// <param name="first">a examples.</param>
    /// <param name="second">b examples.</param>
    /// <param name="function">From the model and a batch to [n] or [n, outputs].</param>
    /// <remarks>
    /// Gradients of one output in the weights of a dense layer are products of a column and a row, and are never written down: a · b numbers of work are those of the two passes. (Novak, Sohl-Dickstein and Schoenholz,
    /// "Fast finite width neural tangent kernel", 2022, section 3.4.) All others take the memory of a model for each output of each example.
    /// </remarks>
    /// <inheritdoc cref="Gradients" path="/exception"/>
    public static Tensor Of<TModel, TBatch>(TModel model, TBatch first, TBatch second, Func<TModel, TBatch, Tensor> function)
        where TModel : ITree<TModel>
        where TBatch : ITree<TBatch>
    {
        var (leaves, rows, columns) = (Tree.Leaves(model), Tree.Leaves(Gradients(model, first, function)), Tree.Leaves(Gradients(model, second, function)));
        return leaves.Select((leaf, i) => leaf.ElementType.IsDifferentiable() ? Products(rows[i], columns[i], leaf.Rank) : null).OfType<Tensor>().Aggregate((sum, part) => sum + part);
    }

    /// <summary>The kernel of a batch with itself: symmetric, [n, n] or [n, outputs, n, outputs].</summary>
    /// <inheritdoc cref="Of{TModel, TBatch}(TModel, TBatch, TBatch, Func{TModel, TBatch, Tensor})"/>
    public static Tensor Of<TModel, TBatch>(TModel model, TBatch batch, Func<TModel, TBatch, Tensor> function)
        where TModel : ITree<TModel>
        where TBatch : ITree<TBatch> => Of(model, batch, batch, function);

    /// <summary>The kernel of each example with itself, of a function of one output: [n].</summary>
    /// <param name="model">The model.</param>
    /// <param name="batch">n examples.</param>
    /// <param name="function">From the model and a batch to [n].</param>
    /// <inheritdoc cref="Gradients" path="/exception"/>
    public static Tensor Diagonal<TModel, TBatch>(TModel model, TBatch batch, Func<TModel, TBatch, Tensor> function)
        where TModel : ITree<TModel>
        where TBatch : ITree<TBatch> => Tree.Leaves(Gradients(model, batch, function)).Zip(Tree.Leaves(model)).Where(leaf => leaf.Second.ElementType.IsDifferentiable()).Select(leaf => Squares(leaf.First)).Aggregate((sum, part) => sum + part);

    /// <summary>The kernel times a vector without the matrix, J (Jᵀ v): the work of a gradient and a derivative along it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="batch">n examples.</param>
    /// <param name="vector">Of the shape that the function gives.</param>
    /// <param name="function">From the model and a batch to a real tensor, whose rows may depend on one another here.</param>
    public static Tensor Product<TModel, TBatch>(TModel model, TBatch batch, Tensor vector, Func<TModel, TBatch, Tensor> function)
        where TModel : ITree<TModel>
        where TBatch : ITree<TBatch>
    {
        var (_, pull) = Vjp.Of(model, m => function(m, batch));
        return Jvp.Of(model, pull(vector), m => function(m, batch)).Tangent;
    }

    /// <summary>
    /// The largest eigenvalue λ by power iteration on products. Gradient descent on the mean of half the squared errors of n outputs is stable in the linear model of the network at rates below 2 n / λ.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="batch">n examples.</param>
    /// <param name="function">From the model and a batch to a real tensor.</param>
    /// <param name="key">Draws the first vector.</param>
    /// <param name="iterations">Products; the error falls with the ratio of the two largest eigenvalues to the power of twice their number.</param>
    public static Tensor LargestEigenvalue<TModel, TBatch>(TModel model, TBatch batch, Func<TModel, TBatch, Tensor> function, Key key, int iterations = 50)
        where TModel : ITree<TModel>
        where TBatch : ITree<TBatch>
    {
        var like = function(model, batch);
        var direction = Control.Repeat(iterations, (_, vector) => Unit(Product(model, batch, vector, function)), Unit(Sample.Normal(key, like.Shape, like.ElementType)));
        return (direction * Product(model, batch, direction, function)).Sum();

        static Tensor Unit(Tensor x) => x / Tensor.Sqrt(Tensor.Square(x).Sum());
    }

    private static Tensor Alone(Tensor outputs) => outputs.Rank is 1 or 2 && outputs.Shape[0] == 1
        ? outputs.Squeeze(0)
        : throw new ShapeException($"tangent kernel: the function gives {outputs.Type} for one example: it must give [n] or [n, outputs].");

    /// <summary>Products of gradients [a..., leaf...] and [b..., leaf...] of a leaf of some rank: [a..., b...].</summary>
    private static Tensor Products(Tensor first, Tensor second, int rank)
    {
        if (first.Rank == rank + 1 && Outer(first) is var (left, right) && Outer(second) is var (otherLeft, otherRight)) return Tensor.MatMul(left, otherLeft.T) * Tensor.MatMul(right, otherRight.T);
        var (a, b) = (first.Shape[..^rank], second.Shape[..^rank]);
        var (rows, columns) = (first.Reshape(a.ElementCount, -1), second.Reshape(b.ElementCount, -1));
        return Tensor.Real(Tensor.MatMul(rows, Tensor.Conjugate(columns).T)).ReshapeTo([.. a, .. b]);
    }

    /// <summary>Squared lengths of gradients [n, leaf...]: [n].</summary>
    private static Tensor Squares(Tensor gradients)
    {
        static Tensor Length(Tensor rows) => Tensor.Real(rows * Tensor.Conjugate(rows)).Reshape(rows.Shape[0], -1).Sum(1);
        return Outer(gradients) is var (left, right) ? Length(left) * Length(right) : Length(gradients);
    }

    /// <summary>The factors [n, rows] and [n, columns] of matrices that are products of a column and a row, or null: the order of axes behind the first is of no matter to products of whole matrices.</summary>
    private static (Tensor Left, Tensor Right)? Outer(Tensor matrices)
    {
        while (matrices.Source is { Primitive: Transpose or Reshape } moved && moved.Inputs[0].Shape[0] == matrices.Shape[0] && (moved.Primitive is not Transpose t || t.Permutation[0] == 0)) matrices = moved.Inputs[0];
        if (matrices.Source is not { Primitive: Dot { LeftBatch: [0], RightBatch: [0] } dot } product) return null;
        var (left, right) = (product.Inputs[0], product.Inputs[1]);
        return dot.LeftContracted.All(axis => left.Shape[axis] == 1) && left.ElementType.IsFloating()
            ? (left.Flatten(1), right.Flatten(1))
            : null;
    }
}
