using System.Diagnostics.CodeAnalysis;

namespace Paramorph.Cpu;

/// <summary>Compiles loop programs to machine code through emitted IL, which the runtime always compiles fully optimised, without tiers.</summary>
[RequiresDynamicCode("Loops are emitted at run time; where that is not possible, interpret them.")]
internal static class LoopCompiler
{
    /// <summary>Compiles a program for vectors of one width.</summary>
    public static LoopKernel Compile(LoopProgram program, VectorWidth width)
    {
        LaneProgram lanes = LaneLowering.Lower(program, expand: true);
        var emitter = new LoopEmitter(lanes, new LoopPlan(program), width);
        return new EmittedLoop(emitter.Emit());
    }

    private sealed unsafe class EmittedLoop : LoopKernel
    {
        private readonly LoopBody body;

        /// <summary>Has the body compiled now, so that the first run is as fast as the others.</summary>
        public EmittedLoop(LoopBody body)
        {
            this.body = body;
            // An empty range returns before it touches an operand.
            body(null, 0, 0);
        }

        public override void Run(void** operands, long start, long end) => body(operands, start, end);
    }
}

/// <summary>The signature of an emitted loop.</summary>
internal unsafe delegate void LoopBody(void** operands, long start, long end);
