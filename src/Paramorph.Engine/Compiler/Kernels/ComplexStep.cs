using System.Numerics;
using Paramorph.Cpu;
using Paramorph.Primitives;

namespace Paramorph.Compiler;

/// <summary>Elementwise arithmetic of complex numbers, and their parts.</summary>
internal static class ComplexStep
{
    private enum Function
    {
        Add,
        Subtract,
        Multiply,
        Divide,
        Negate,
        Conjugate,
        Real,
        Imaginary,
        Make,
        Widen,
    }

    /// <summary>The step of an operation that it knows, or null.</summary>
    public static Step? Of(Operation operation, Place[] inputs, Place output)
    {
        if (FunctionOf(operation) is not { } function) return null;
        var isDouble = operation.Output.ElementType.RealType() == ElementType.Float64;
        return isDouble ? new Typed<double>(operation, function, inputs, output) : new Typed<float>(operation, function, inputs, output);
    }

    private static Function? FunctionOf(Operation operation)
    {
        var primitive = operation.Primitive;
        var (from, to) = (operation.Input.ElementType, operation.Output.ElementType);
        if (primitive is RealPart) return Function.Real;
        if (primitive is ImaginaryPart) return Function.Imaginary;
        if (primitive is MakeComplex) return Function.Make;
        if (primitive is Cast) return to.IsComplex() && from == to.RealType() ? Function.Widen : null;
        if (!to.IsComplex()) return null;
        if (primitive == Elementwise.Add) return Function.Add;
        if (primitive == Elementwise.Subtract) return Function.Subtract;
        if (primitive == Elementwise.Multiply) return Function.Multiply;
        if (primitive == Elementwise.Divide) return Function.Divide;
        if (primitive == Elementwise.Negate) return Function.Negate;
        return primitive == Elementwise.Conjugate ? Function.Conjugate : null;
    }

    private sealed unsafe class Typed<T>(Operation operation, Function function, Place[] inputs, Place output) : Step
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        private const int PerPiece = 16 * 1024;
        private readonly int count = operation.Output.Count;

        public override string Description => $"{operation.Primitive} of {count} complex numbers";

        public override void Run(nint* bases, WorkerPool pool) => Shared.Run(pool, (count + PerPiece - 1) / PerPiece, new Job { Step = this, Bases = bases });

        private void Piece(nint* bases, long start, long end)
        {
            T* a = (T*)inputs[0].Address(bases), b = (T*)inputs[^1].Address(bases), y = (T*)output.Address(bases);
            // Numbers lie as pairs: sums run through them, whatever part they are.
            switch (function)
            {
                case Function.Add:
                    for (var i = 2 * start; i < 2 * end; i++) y[i] = a[i] + b[i];
                    break;
                case Function.Subtract:
                    for (var i = 2 * start; i < 2 * end; i++) y[i] = a[i] - b[i];
                    break;
                case Function.Negate:
                    for (var i = 2 * start; i < 2 * end; i++) y[i] = -a[i];
                    break;
                case Function.Conjugate:
                    for (var i = start; i < end; i++) (y[2 * i], y[2 * i + 1]) = (a[2 * i], -a[2 * i + 1]);
                    break;
                case Function.Multiply:
                    for (var i = start; i < end; i++)
                    {
                        T p = a[2 * i], q = a[2 * i + 1], r = b[2 * i], s = b[2 * i + 1];
                        (y[2 * i], y[2 * i + 1]) = (p * r - q * s, p * s + q * r);
                    }
                    break;
                case Function.Divide:
                    for (var i = start; i < end; i++)
                    {
                        var quotient = Number(a, i) / Number(b, i);
                        (y[2 * i], y[2 * i + 1]) = (T.CreateTruncating(quotient.Real), T.CreateTruncating(quotient.Imaginary));
                    }
                    break;
                case Function.Real:
                    for (var i = start; i < end; i++) y[i] = a[2 * i];
                    break;
                case Function.Imaginary:
                    for (var i = start; i < end; i++) y[i] = a[2 * i + 1];
                    break;
                case Function.Make:
                    for (var i = start; i < end; i++) (y[2 * i], y[2 * i + 1]) = (a[i], b[i]);
                    break;
                default:
                    for (var i = start; i < end; i++) (y[2 * i], y[2 * i + 1]) = (a[i], T.Zero);
                    break;
            }
        }

        private static Complex Number(T* numbers, long index) =>
            new(double.CreateTruncating(numbers[2 * index]), double.CreateTruncating(numbers[2 * index + 1]));

        private struct Job : IPieces
        {
            public Typed<T> Step;
            public nint* Bases;

            public readonly void Run(int piece) => Step.Piece(Bases, (long)piece * PerPiece, Math.Min(Step.count, (long)(piece + 1) * PerPiece));
        }
    }
}
