namespace Paramorph;

/// <summary>What is put around a tensor. The examples pad <c>a b c</c> by two on both sides.</summary>
public enum PaddingMode
{
    /// <summary>Zeros: <c>0 0 a b c 0 0</c>.</summary>
    Zero,

    /// <summary>The mirror image without the edge: <c>c b a b c b a</c>. Up to the size minus 1.</summary>
    Reflect,

    /// <summary>The mirror image with the edge: <c>b a a b c c b</c>. Up to the size.</summary>
    Symmetric,

    /// <summary>The edge repeated: <c>a a a b c c c</c>.</summary>
    Replicate,

    /// <summary>The other end: <c>b c a b c a b</c>. Up to the size.</summary>
    Circular,
}
