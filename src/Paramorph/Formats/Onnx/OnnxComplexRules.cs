using Paramorph.Primitives;

namespace Paramorph.Formats;

/// <summary>How primitives treat complex numbers that are stored as two real ones.</summary>
internal static class OnnxComplexRules
{
    /// <summary>The primitives that treat real and imaginary parts alike and apart.</summary>
    public static bool IsComponentwise(Primitive primitive) => primitive is
        Reshape or Transpose or Broadcast or Slice or Pad or Concatenate or Reverse or Select or Gather or DynamicSlice or DynamicUpdate
        or Reduce { Kind: ReductionKind.Sum } or Cumulative { Kind: ReductionKind.Sum } or WindowReduce { Kind: ReductionKind.Sum }
        or Scatter { Kind: ScatterKind.Add or ScatterKind.Set };

    /// <summary>The primitives that make or take complex numbers by a translation of their own.</summary>
    public static bool IsOfComplex(Primitive primitive) => primitive is
        Identity or StopGradient or Cast or RealPart or ImaginaryPart or MakeComplex or Fft or Dot or Convolution
        or Rematerialise or CustomDerivativeCall or Scan or While or Cond or Sort;
}
