namespace Paramorph;

/// <summary>
/// Makes a fast function of a function of tensors. It is traced once for each combination of shapes, element types and static fields of its
/// arguments; later calls run what was compiled. Values that the function uses from outside become constants of it. Called inside another
/// function that is being traced, it becomes part of that.
/// </summary>
/// <remarks>
/// Whatever a call throws (a cancellation, an exception of a <see cref="Foreign"/> function, an <see cref="EvaluationException"/> where memory
/// runs out), its arguments are as they were before it, and the function may be called again.
/// </remarks>
public static partial class Compile
{
    /// <summary>A compiled function of one tree; overloads take up to five and give up to three.</summary>
    /// <param name="function">The function; while it is traced its tensors have shapes but no values.</param>
    /// <param name="takesFirst">
    /// Whether the function takes over the tensors of its first argument (a training state, say): their memory is used again, and reading them
    /// afterwards throws. After an exception they are as they were.
    /// </param>
    public static Func<T1, TOut> Of<T1, TOut>(Func<T1, TOut> function, bool takesFirst = false)
        where T1 : ITree<T1>
        where TOut : ITree<TOut>
    {
        var compiled = Cancellable(function, takesFirst);
        return x1 => compiled(x1, CancellationToken.None);
    }

    /// <inheritdoc cref="Of{T1, TOut}(Func{T1, TOut}, bool)"/>
    public static Func<T1, T2, TOut> Of<T1, T2, TOut>(Func<T1, T2, TOut> function, bool takesFirst = false)
        where T1 : ITree<T1>
        where T2 : ITree<T2>
        where TOut : ITree<TOut>
    {
        var compiled = Cancellable(function, takesFirst);
        return (x1, x2) => compiled(x1, x2, CancellationToken.None);
    }

    /// <inheritdoc cref="Of{T1, TOut}(Func{T1, TOut}, bool)"/>
    public static Func<T1, T2, T3, TOut> Of<T1, T2, T3, TOut>(Func<T1, T2, T3, TOut> function, bool takesFirst = false)
        where T1 : ITree<T1>
        where T2 : ITree<T2>
        where T3 : ITree<T3>
        where TOut : ITree<TOut>
    {
        var compiled = Cancellable(function, takesFirst);
        return (x1, x2, x3) => compiled(x1, x2, x3, CancellationToken.None);
    }

    /// <inheritdoc cref="Of{T1, TOut}(Func{T1, TOut}, bool)"/>
    public static Func<T1, T2, T3, T4, TOut> Of<T1, T2, T3, T4, TOut>(Func<T1, T2, T3, T4, TOut> function, bool takesFirst = false)
        where T1 : ITree<T1>
        where T2 : ITree<T2>
        where T3 : ITree<T3>
        where T4 : ITree<T4>
        where TOut : ITree<TOut>
    {
        var compiled = Cancellable(function, takesFirst);
        return (x1, x2, x3, x4) => compiled(x1, x2, x3, x4, CancellationToken.None);
    }

    /// <inheritdoc cref="Of{T1, TOut}(Func{T1, TOut}, bool)"/>
    public static Func<T1, T2, T3, T4, T5, TOut> Of<T1, T2, T3, T4, T5, TOut>(Func<T1, T2, T3, T4, T5, TOut> function, bool takesFirst = false)
        where T1 : ITree<T1>
        where T2 : ITree<T2>
        where T3 : ITree<T3>
        where T4 : ITree<T4>
        where T5 : ITree<T5>
        where TOut : ITree<TOut>
    {
        var compiled = Cancellable(function, takesFirst);
        return (x1, x2, x3, x4, x5) => compiled(x1, x2, x3, x4, x5, CancellationToken.None);
    }

    /// <inheritdoc cref="Of{T1, TOut}(Func{T1, TOut}, bool)"/>
    public static Func<T1, (TOut1, TOut2)> Of<T1, TOut1, TOut2>(Func<T1, (TOut1, TOut2)> function, bool takesFirst = false)
        where T1 : ITree<T1>
        where TOut1 : ITree<TOut1>
        where TOut2 : ITree<TOut2>
    {
        var compiled = Cancellable(function, takesFirst);
        return x1 => compiled(x1, CancellationToken.None);
    }

    /// <inheritdoc cref="Of{T1, TOut}(Func{T1, TOut}, bool)"/>
    public static Func<T1, T2, (TOut1, TOut2)> Of<T1, T2, TOut1, TOut2>(Func<T1, T2, (TOut1, TOut2)> function, bool takesFirst = false)
        where T1 : ITree<T1>
        where T2 : ITree<T2>
        where TOut1 : ITree<TOut1>
        where TOut2 : ITree<TOut2>
    {
        var compiled = Cancellable(function, takesFirst);
        return (x1, x2) => compiled(x1, x2, CancellationToken.None);
    }

    /// <inheritdoc cref="Of{T1, TOut}(Func{T1, TOut}, bool)"/>
    public static Func<T1, T2, T3, (TOut1, TOut2)> Of<T1, T2, T3, TOut1, TOut2>(Func<T1, T2, T3, (TOut1, TOut2)> function, bool takesFirst = false)
        where T1 : ITree<T1>
        where T2 : ITree<T2>
        where T3 : ITree<T3>
        where TOut1 : ITree<TOut1>
        where TOut2 : ITree<TOut2>
    {
        var compiled = Cancellable(function, takesFirst);
        return (x1, x2, x3) => compiled(x1, x2, x3, CancellationToken.None);
    }

    /// <inheritdoc cref="Of{T1, TOut}(Func{T1, TOut}, bool)"/>
    public static Func<T1, T2, T3, T4, (TOut1, TOut2)> Of<T1, T2, T3, T4, TOut1, TOut2>(Func<T1, T2, T3, T4, (TOut1, TOut2)> function, bool takesFirst = false)
        where T1 : ITree<T1>
        where T2 : ITree<T2>
        where T3 : ITree<T3>
        where T4 : ITree<T4>
        where TOut1 : ITree<TOut1>
        where TOut2 : ITree<TOut2>
    {
        var compiled = Cancellable(function, takesFirst);
        return (x1, x2, x3, x4) => compiled(x1, x2, x3, x4, CancellationToken.None);
    }

    /// <inheritdoc cref="Of{T1, TOut}(Func{T1, TOut}, bool)"/>
    public static Func<T1, T2, T3, T4, T5, (TOut1, TOut2)> Of<T1, T2, T3, T4, T5, TOut1, TOut2>(Func<T1, T2, T3, T4, T5, (TOut1, TOut2)> function, bool takesFirst = false)
        where T1 : ITree<T1>
        where T2 : ITree<T2>
        where T3 : ITree<T3>
        where T4 : ITree<T4>
        where T5 : ITree<T5>
        where TOut1 : ITree<TOut1>
        where TOut2 : ITree<TOut2>
    {
        var compiled = Cancellable(function, takesFirst);
        return (x1, x2, x3, x4, x5) => compiled(x1, x2, x3, x4, x5, CancellationToken.None);
    }

    /// <inheritdoc cref="Of{T1, TOut}(Func{T1, TOut}, bool)"/>
    public static Func<T1, (TOut1, TOut2, TOut3)> Of<T1, TOut1, TOut2, TOut3>(Func<T1, (TOut1, TOut2, TOut3)> function, bool takesFirst = false)
        where T1 : ITree<T1>
        where TOut1 : ITree<TOut1>
        where TOut2 : ITree<TOut2>
        where TOut3 : ITree<TOut3>
    {
        var compiled = Cancellable(function, takesFirst);
        return x1 => compiled(x1, CancellationToken.None);
    }

    /// <inheritdoc cref="Of{T1, TOut}(Func{T1, TOut}, bool)"/>
    public static Func<T1, T2, (TOut1, TOut2, TOut3)> Of<T1, T2, TOut1, TOut2, TOut3>(Func<T1, T2, (TOut1, TOut2, TOut3)> function, bool takesFirst = false)
        where T1 : ITree<T1>
        where T2 : ITree<T2>
        where TOut1 : ITree<TOut1>
        where TOut2 : ITree<TOut2>
        where TOut3 : ITree<TOut3>
    {
        var compiled = Cancellable(function, takesFirst);
        return (x1, x2) => compiled(x1, x2, CancellationToken.None);
    }

    /// <inheritdoc cref="Of{T1, TOut}(Func{T1, TOut}, bool)"/>
    public static Func<T1, T2, T3, (TOut1, TOut2, TOut3)> Of<T1, T2, T3, TOut1, TOut2, TOut3>(Func<T1, T2, T3, (TOut1, TOut2, TOut3)> function, bool takesFirst = false)
        where T1 : ITree<T1>
        where T2 : ITree<T2>
        where T3 : ITree<T3>
        where TOut1 : ITree<TOut1>
        where TOut2 : ITree<TOut2>
        where TOut3 : ITree<TOut3>
    {
        var compiled = Cancellable(function, takesFirst);
        return (x1, x2, x3) => compiled(x1, x2, x3, CancellationToken.None);
    }

    /// <inheritdoc cref="Of{T1, TOut}(Func{T1, TOut}, bool)"/>
    public static Func<T1, T2, T3, T4, (TOut1, TOut2, TOut3)> Of<T1, T2, T3, T4, TOut1, TOut2, TOut3>(Func<T1, T2, T3, T4, (TOut1, TOut2, TOut3)> function, bool takesFirst = false)
        where T1 : ITree<T1>
        where T2 : ITree<T2>
        where T3 : ITree<T3>
        where T4 : ITree<T4>
        where TOut1 : ITree<TOut1>
        where TOut2 : ITree<TOut2>
        where TOut3 : ITree<TOut3>
    {
        var compiled = Cancellable(function, takesFirst);
        return (x1, x2, x3, x4) => compiled(x1, x2, x3, x4, CancellationToken.None);
    }

    /// <inheritdoc cref="Of{T1, TOut}(Func{T1, TOut}, bool)"/>
    public static Func<T1, T2, T3, T4, T5, (TOut1, TOut2, TOut3)> Of<T1, T2, T3, T4, T5, TOut1, TOut2, TOut3>(Func<T1, T2, T3, T4, T5, (TOut1, TOut2, TOut3)> function, bool takesFirst = false)
        where T1 : ITree<T1>
        where T2 : ITree<T2>
        where T3 : ITree<T3>
        where T4 : ITree<T4>
        where T5 : ITree<T5>
        where TOut1 : ITree<TOut1>
        where TOut2 : ITree<TOut2>
        where TOut3 : ITree<TOut3>
    {
        var compiled = Cancellable(function, takesFirst);
        return (x1, x2, x3, x4, x5) => compiled(x1, x2, x3, x4, x5, CancellationToken.None);
    }
}
