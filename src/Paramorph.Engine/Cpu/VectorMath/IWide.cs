namespace Paramorph.Cpu;

/// <summary>
/// Several lanes of one element type: the only operations that the vector functions are written in. Implemented by hardware vectors of every
/// width (<see cref="Wide128{T, TBits}"/>, <see cref="Wide256{T, TBits}"/>, <see cref="Wide512{T, TBits}"/>) and by <see cref="Traced{T, TBits}"/>,
/// which records them, so that each function is written once and gives the same bits everywhere.
/// </summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
/// <typeparam name="TBits">The same number of signed integers of the same size; a comparison answers with all bits of a lane set or clear.</typeparam>
internal interface IWide<TSelf, TBits>
    where TSelf : struct, IWide<TSelf, TBits>
    where TBits : struct, IWide<TBits, TBits>
{
    static abstract TSelf operator +(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a, TSelf b);

    static abstract TSelf operator *(TSelf a, TSelf b);

    static abstract TSelf operator /(TSelf a, TSelf b);

    static abstract TSelf operator &(TSelf a, TSelf b);

    static abstract TSelf operator |(TSelf a, TSelf b);

    static abstract TSelf operator ^(TSelf a, TSelf b);

    static abstract TSelf operator <<(TSelf a, int count);

    /// <summary>Arithmetic shift, which keeps the sign.</summary>
    static abstract TSelf operator >>(TSelf a, int count);

    /// <summary>Logical shift, which shifts zeros in.</summary>
    static abstract TSelf operator >>>(TSelf a, int count);

    /// <summary>The constant, rounded to the element type, in every lane.</summary>
    static abstract TSelf Of(double value);

    /// <summary>The low bits of <paramref name="bits"/>, as many as the element type has, in every lane.</summary>
    static abstract TSelf OfBits(long bits);

    /// <summary>a b + c, rounded once.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    static abstract TSelf Sqrt(TSelf a);

    /// <summary>The nearest integer, halves to even.</summary>
    static abstract TSelf Round(TSelf a);

    static abstract TSelf Floor(TSelf a);

    static abstract TSelf Ceiling(TSelf a);

    static abstract TSelf Truncate(TSelf a);

    /// <summary>The smaller; NaN if either is NaN.</summary>
    static abstract TSelf Min(TSelf a, TSelf b);

    /// <summary>The larger; NaN if either is NaN.</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    /// <summary>One instruction: a below b ? a : b. Used with a constant a other than zero, so that a NaN in b passes on every processor.</summary>
    static abstract TSelf MinNative(TSelf a, TSelf b);

    /// <summary>One instruction: a above b ? a : b. Used with a constant a other than zero, so that a NaN in b passes on every processor.</summary>
    static abstract TSelf MaxNative(TSelf a, TSelf b);

    static abstract TBits LessThan(TSelf a, TSelf b);

    static abstract TBits LessThanOrEqual(TSelf a, TSelf b);

    static abstract TBits Equal(TSelf a, TSelf b);

    static abstract TSelf Select(TBits mask, TSelf ifSet, TSelf ifClear);

    /// <summary>The lanes' bits as integers.</summary>
    static abstract TBits AsBits(TSelf a);

    /// <summary>The lanes whose bits are <paramref name="bits"/>.</summary>
    static abstract TSelf FromBits(TBits bits);

    /// <summary>
    /// Where any lane of <paramref name="mask"/> is set, lets <paramref name="function"/> recompute the lanes of <paramref name="value"/>, one at a
    /// time, that it recognises from <paramref name="x"/> as its own: the rare cases that would cost every lane too much.
    /// </summary>
    static abstract TSelf Repair(TBits mask, TSelf x, TSelf value, LaneFunction function);
}
