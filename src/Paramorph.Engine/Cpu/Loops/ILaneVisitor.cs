namespace Paramorph.Cpu;

/// <summary>Receives the operation that <see cref="LaneCatalog{F, I, D, L}"/> looked up, as type parameters.</summary>
internal interface ILaneVisitor
{
    void Unary<R, B, TOperation>()
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
        where TOperation : struct, IUnaryOperation;

    void Binary<R, B, TOperation>()
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
        where TOperation : struct, IBinaryOperation;

    void Ternary<R, B, TOperation>()
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
        where TOperation : struct, ITernaryOperation;

    void Compare<R, B, TOperation>()
        where R : struct, IWide<R, B>
        where B : struct, IWide<B, B>
        where TOperation : struct, ICompareOperation;
}
