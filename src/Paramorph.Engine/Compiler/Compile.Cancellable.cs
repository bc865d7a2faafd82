using Paramorph.Compiler;

namespace Paramorph;

public static partial class Compile
{
    /// <summary>
    /// A compiled function whose calls take a token too: a call that is cancelled throws between two of its steps, rounds of a loop or tiles of a
    /// batch. Overloads take up to five trees and give up to three.
    /// </summary>
    /// <param name="function">The function; while it is traced its tensors have shapes but no values.</param>
    /// <param name="takesFirst">
    /// Whether the function takes over the tensors of its first argument (a training state, say): their memory is used again, and reading them
    /// afterwards throws. After a cancellation or another exception they are as they were.
    /// </param>
    /// <returns>A function that throws <see cref="OperationCanceledException"/> when it is cancelled.</returns>
    public static Func<T1, CancellationToken, TOut> Cancellable<T1, TOut>(Func<T1, TOut> function, bool takesFirst = false)
        where T1 : ITree<T1>
        where TOut : ITree<TOut>
    {
        var compiled = new CompiledFunction<T1, TOut>(function, takesFirst ? x => Tree.Leaves(x).Length : null, CompilerOptions.Default);
        return (x1, cancellation) => compiled.Run(x1, cancellation);
    }

    /// <inheritdoc cref="Cancellable{T1, TOut}(Func{T1, TOut}, bool)"/>
    public static Func<T1, T2, CancellationToken, TOut> Cancellable<T1, T2, TOut>(Func<T1, T2, TOut> function, bool takesFirst = false)
        where T1 : ITree<T1>
        where T2 : ITree<T2>
        where TOut : ITree<TOut>
    {
        var compiled = new CompiledFunction<TreePair<T1, T2>, TOut>(x => function(x.Item1, x.Item2), takesFirst ? x => Tree.Leaves(x.Item1).Length : null, CompilerOptions.Default);
        return (x1, x2, cancellation) => compiled.Run(new(x1, x2), cancellation);
    }

    /// <inheritdoc cref="Cancellable{T1, TOut}(Func{T1, TOut}, bool)"/>
    public static Func<T1, T2, T3, CancellationToken, TOut> Cancellable<T1, T2, T3, TOut>(Func<T1, T2, T3, TOut> function, bool takesFirst = false)
        where T1 : ITree<T1>
        where T2 : ITree<T2>
        where T3 : ITree<T3>
        where TOut : ITree<TOut>
    {
        var compiled = new CompiledFunction<TreeTriple<T1, T2, T3>, TOut>(x => function(x.Item1, x.Item2, x.Item3), takesFirst ? x => Tree.Leaves(x.Item1).Length : null, CompilerOptions.Default);
        return (x1, x2, x3, cancellation) => compiled.Run(new(x1, x2, x3), cancellation);
    }

    /// <inheritdoc cref="Cancellable{T1, TOut}(Func{T1, TOut}, bool)"/>
    public static Func<T1, T2, T3, T4, CancellationToken, TOut> Cancellable<T1, T2, T3, T4, TOut>(Func<T1, T2, T3, T4, TOut> function, bool takesFirst = false)
        where T1 : ITree<T1>
        where T2 : ITree<T2>
        where T3 : ITree<T3>
        where T4 : ITree<T4>
        where TOut : ITree<TOut>
    {
        var compiled = new CompiledFunction<TreeQuad<T1, T2, T3, T4>, TOut>(x => function(x.Item1, x.Item2, x.Item3, x.Item4), takesFirst ? x => Tree.Leaves(x.Item1).Length : null, CompilerOptions.Default);
        return (x1, x2, x3, x4, cancellation) => compiled.Run(new(x1, x2, x3, x4), cancellation);
    }

    /// <inheritdoc cref="Cancellable{T1, TOut}(Func{T1, TOut}, bool)"/>
    public static Func<T1, T2, T3, T4, T5, CancellationToken, TOut> Cancellable<T1, T2, T3, T4, T5, TOut>(Func<T1, T2, T3, T4, T5, TOut> function, bool takesFirst = false)
        where T1 : ITree<T1>
        where T2 : ITree<T2>
        where T3 : ITree<T3>
        where T4 : ITree<T4>
        where T5 : ITree<T5>
        where TOut : ITree<TOut>
    {
        var compiled = new CompiledFunction<TreePair<TreeQuad<T1, T2, T3, T4>, T5>, TOut>(x => function(x.Item1.Item1, x.Item1.Item2, x.Item1.Item3, x.Item1.Item4, x.Item2), takesFirst ? x => Tree.Leaves(x.Item1.Item1).Length : null, CompilerOptions.Default);
        return (x1, x2, x3, x4, x5, cancellation) => compiled.Run(new(new(x1, x2, x3, x4), x5), cancellation);
    }

    /// <inheritdoc cref="Cancellable{T1, TOut}(Func{T1, TOut}, bool)"/>
    public static Func<T1, CancellationToken, (TOut1, TOut2)> Cancellable<T1, TOut1, TOut2>(Func<T1, (TOut1, TOut2)> function, bool takesFirst = false)
        where T1 : ITree<T1>
        where TOut1 : ITree<TOut1>
        where TOut2 : ITree<TOut2>
    {
        var compiled = new CompiledFunction<T1, TreePair<TOut1, TOut2>>(x => function(x), takesFirst ? x => Tree.Leaves(x).Length : null, CompilerOptions.Default);
        return (x1, cancellation) => compiled.Run(x1, cancellation);
    }

    /// <inheritdoc cref="Cancellable{T1, TOut}(Func{T1, TOut}, bool)"/>
    public static Func<T1, T2, CancellationToken, (TOut1, TOut2)> Cancellable<T1, T2, TOut1, TOut2>(Func<T1, T2, (TOut1, TOut2)> function, bool takesFirst = false)
        where T1 : ITree<T1>
        where T2 : ITree<T2>
        where TOut1 : ITree<TOut1>
        where TOut2 : ITree<TOut2>
    {
        var compiled = new CompiledFunction<TreePair<T1, T2>, TreePair<TOut1, TOut2>>(x => function(x.Item1, x.Item2), takesFirst ? x => Tree.Leaves(x.Item1).Length : null, CompilerOptions.Default);
        return (x1, x2, cancellation) => compiled.Run(new(x1, x2), cancellation);
    }

    /// <inheritdoc cref="Cancellable{T1, TOut}(Func{T1, TOut}, bool)"/>
    public static Func<T1, T2, T3, CancellationToken, (TOut1, TOut2)> Cancellable<T1, T2, T3, TOut1, TOut2>(Func<T1, T2, T3, (TOut1, TOut2)> function, bool takesFirst = false)
        where T1 : ITree<T1>
        where T2 : ITree<T2>
        where T3 : ITree<T3>
        where TOut1 : ITree<TOut1>
        where TOut2 : ITree<TOut2>
    {
        var compiled = new CompiledFunction<TreeTriple<T1, T2, T3>, TreePair<TOut1, TOut2>>(x => function(x.Item1, x.Item2, x.Item3), takesFirst ? x => Tree.Leaves(x.Item1).Length : null, CompilerOptions.Default);
        return (x1, x2, x3, cancellation) => compiled.Run(new(x1, x2, x3), cancellation);
    }

    /// <inheritdoc cref="Cancellable{T1, TOut}(Func{T1, TOut}, bool)"/>
    public static Func<T1, T2, T3, T4, CancellationToken, (TOut1, TOut2)> Cancellable<T1, T2, T3, T4, TOut1, TOut2>(Func<T1, T2, T3, T4, (TOut1, TOut2)> function, bool takesFirst = false)
        where T1 : ITree<T1>
        where T2 : ITree<T2>
        where T3 : ITree<T3>
        where T4 : ITree<T4>
        where TOut1 : ITree<TOut1>
        where TOut2 : ITree<TOut2>
    {
        var compiled = new CompiledFunction<TreeQuad<T1, T2, T3, T4>, TreePair<TOut1, TOut2>>(x => function(x.Item1, x.Item2, x.Item3, x.Item4), takesFirst ? x => Tree.Leaves(x.Item1).Length : null, CompilerOptions.Default);
        return (x1, x2, x3, x4, cancellation) => compiled.Run(new(x1, x2, x3, x4), cancellation);
    }

    /// <inheritdoc cref="Cancellable{T1, TOut}(Func{T1, TOut}, bool)"/>
    public static Func<T1, T2, T3, T4, T5, CancellationToken, (TOut1, TOut2)> Cancellable<T1, T2, T3, T4, T5, TOut1, TOut2>(Func<T1, T2, T3, T4, T5, (TOut1, TOut2)> function, bool takesFirst = false)
        where T1 : ITree<T1>
        where T2 : ITree<T2>
        where T3 : ITree<T3>
        where T4 : ITree<T4>
        where T5 : ITree<T5>
        where TOut1 : ITree<TOut1>
        where TOut2 : ITree<TOut2>
    {
        var compiled = new CompiledFunction<TreePair<TreeQuad<T1, T2, T3, T4>, T5>, TreePair<TOut1, TOut2>>(x => function(x.Item1.Item1, x.Item1.Item2, x.Item1.Item3, x.Item1.Item4, x.Item2), takesFirst ? x => Tree.Leaves(x.Item1.Item1).Length : null, CompilerOptions.Default);
        return (x1, x2, x3, x4, x5, cancellation) => compiled.Run(new(new(x1, x2, x3, x4), x5), cancellation);
    }

    /// <inheritdoc cref="Cancellable{T1, TOut}(Func{T1, TOut}, bool)"/>
    public static Func<T1, CancellationToken, (TOut1, TOut2, TOut3)> Cancellable<T1, TOut1, TOut2, TOut3>(Func<T1, (TOut1, TOut2, TOut3)> function, bool takesFirst = false)
        where T1 : ITree<T1>
        where TOut1 : ITree<TOut1>
        where TOut2 : ITree<TOut2>
        where TOut3 : ITree<TOut3>
    {
        var compiled = new CompiledFunction<T1, TreeTriple<TOut1, TOut2, TOut3>>(x => function(x), takesFirst ? x => Tree.Leaves(x).Length : null, CompilerOptions.Default);
        return (x1, cancellation) => compiled.Run(x1, cancellation);
    }

    /// <inheritdoc cref="Cancellable{T1, TOut}(Func{T1, TOut}, bool)"/>
    public static Func<T1, T2, CancellationToken, (TOut1, TOut2, TOut3)> Cancellable<T1, T2, TOut1, TOut2, TOut3>(Func<T1, T2, (TOut1, TOut2, TOut3)> function, bool takesFirst = false)
        where T1 : ITree<T1>
        where T2 : ITree<T2>
        where TOut1 : ITree<TOut1>
        where TOut2 : ITree<TOut2>
        where TOut3 : ITree<TOut3>
    {
        var compiled = new CompiledFunction<TreePair<T1, T2>, TreeTriple<TOut1, TOut2, TOut3>>(x => function(x.Item1, x.Item2), takesFirst ? x => Tree.Leaves(x.Item1).Length : null, CompilerOptions.Default);
        return (x1, x2, cancellation) => compiled.Run(new(x1, x2), cancellation);
    }

    /// <inheritdoc cref="Cancellable{T1, TOut}(Func{T1, TOut}, bool)"/>
    public static Func<T1, T2, T3, CancellationToken, (TOut1, TOut2, TOut3)> Cancellable<T1, T2, T3, TOut1, TOut2, TOut3>(Func<T1, T2, T3, (TOut1, TOut2, TOut3)> function, bool takesFirst = false)
        where T1 : ITree<T1>
        where T2 : ITree<T2>
        where T3 : ITree<T3>
        where TOut1 : ITree<TOut1>
        where TOut2 : ITree<TOut2>
        where TOut3 : ITree<TOut3>
    {
        var compiled = new CompiledFunction<TreeTriple<T1, T2, T3>, TreeTriple<TOut1, TOut2, TOut3>>(x => function(x.Item1, x.Item2, x.Item3), takesFirst ? x => Tree.Leaves(x.Item1).Length : null, CompilerOptions.Default);
        return (x1, x2, x3, cancellation) => compiled.Run(new(x1, x2, x3), cancellation);
    }

    /// <inheritdoc cref="Cancellable{T1, TOut}(Func{T1, TOut}, bool)"/>
    public static Func<T1, T2, T3, T4, CancellationToken, (TOut1, TOut2, TOut3)> Cancellable<T1, T2, T3, T4, TOut1, TOut2, TOut3>(Func<T1, T2, T3, T4, (TOut1, TOut2, TOut3)> function, bool takesFirst = false)
        where T1 : ITree<T1>
        where T2 : ITree<T2>
        where T3 : ITree<T3>
        where T4 : ITree<T4>
        where TOut1 : ITree<TOut1>
        where TOut2 : ITree<TOut2>
        where TOut3 : ITree<TOut3>
    {
        var compiled = new CompiledFunction<TreeQuad<T1, T2, T3, T4>, TreeTriple<TOut1, TOut2, TOut3>>(x => function(x.Item1, x.Item2, x.Item3, x.Item4), takesFirst ? x => Tree.Leaves(x.Item1).Length : null, CompilerOptions.Default);
        return (x1, x2, x3, x4, cancellation) => compiled.Run(new(x1, x2, x3, x4), cancellation);
    }

    /// <inheritdoc cref="Cancellable{T1, TOut}(Func{T1, TOut}, bool)"/>
    public static Func<T1, T2, T3, T4, T5, CancellationToken, (TOut1, TOut2, TOut3)> Cancellable<T1, T2, T3, T4, T5, TOut1, TOut2, TOut3>(Func<T1, T2, T3, T4, T5, (TOut1, TOut2, TOut3)> function, bool takesFirst = false)
        where T1 : ITree<T1>
        where T2 : ITree<T2>
        where T3 : ITree<T3>
        where T4 : ITree<T4>
        where T5 : ITree<T5>
        where TOut1 : ITree<TOut1>
        where TOut2 : ITree<TOut2>
        where TOut3 : ITree<TOut3>
    {
        var compiled = new CompiledFunction<TreePair<TreeQuad<T1, T2, T3, T4>, T5>, TreeTriple<TOut1, TOut2, TOut3>>(x => function(x.Item1.Item1, x.Item1.Item2, x.Item1.Item3, x.Item1.Item4, x.Item2), takesFirst ? x => Tree.Leaves(x.Item1.Item1).Length : null, CompilerOptions.Default);
        return (x1, x2, x3, x4, x5, cancellation) => compiled.Run(new(new(x1, x2, x3, x4), x5), cancellation);
    }

    /// <summary>A compiled function made with other options than the usual ones.</summary>
    internal static Func<T1, TOut> Of<T1, TOut>(Func<T1, TOut> function, CompilerOptions options)
        where T1 : ITree<T1>
        where TOut : ITree<TOut>
    {
        var compiled = new CompiledFunction<T1, TOut>(function, null, options);
        return x => compiled.Run(x, CancellationToken.None);
    }
}
