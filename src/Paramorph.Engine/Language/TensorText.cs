using System.Globalization;
using System.Text;

namespace Paramorph;

/// <summary>The text of a value, in the manner of NumPy: nested brackets, long axes shortened to their ends.</summary>
internal static class TensorText
{
    private const int Edge = 3;
    private const int Limit = 1000;

    public static string Of(Tensor tensor)
    {
        var text = new StringBuilder(tensor.Type.ToString()).Append(' ');
        var format = Formatter(tensor);
        Write(text, tensor.Shape, tensor.Shape.Strides(), 0, 0, tensor.Count > Limit, format);
        return text.ToString();
    }

    private static void Write(StringBuilder text, Shape shape, int[] strides, int axis, int offset, bool shorten, Func<int, string> format)
    {
        if (axis == shape.Rank)
        {
            text.Append(format(offset));
            return;
        }
        text.Append('[');
        for (var i = 0; i < shape[axis]; i++)
        {
            if (i > 0) text.Append(axis == shape.Rank - 1 ? ", " : ",\n" + new string(' ', axis + 1));
            if (shorten && i == Edge && shape[axis] > 2 * Edge)
            {
                text.Append("...");
                i = shape[axis] - Edge - 1;
                continue;
            }
            Write(text, shape, strides, axis + 1, offset + i * strides[axis], shorten, format);
        }
        text.Append(']');
    }

    private static Func<int, string> Formatter(Tensor tensor)
    {
        var storage = tensor.Value();
        var culture = CultureInfo.InvariantCulture;
        return tensor.ElementType switch
        {
            ElementType.Bool => i => storage.Elements<bool>()[i] ? "true" : "false",
            ElementType.UInt8 => i => storage.Elements<byte>()[i].ToString(culture),
            ElementType.Int8 => i => storage.Elements<sbyte>()[i].ToString(culture),
            ElementType.Int32 => i => storage.Elements<int>()[i].ToString(culture),
            ElementType.Int64 => i => storage.Elements<long>()[i].ToString(culture),
            ElementType.Float32 => i => storage.Elements<float>()[i].ToString("G6", culture),
            ElementType.Float64 => i => storage.Elements<double>()[i].ToString("G10", culture),
            ElementType.Complex64 => i => Text(storage.Elements<Complex64>()[i], "G6"),
            _ => i => Text(storage.Elements<System.Numerics.Complex>()[i], "G10"),
        };

        string Text(System.Numerics.Complex z, string digits) =>
            z.Real.ToString(digits, culture) + (double.IsNegative(z.Imaginary) ? "-" : "+") + Math.Abs(z.Imaginary).ToString(digits, culture) + "i";
    }
}
