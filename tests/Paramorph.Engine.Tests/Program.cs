using Paramorph.Tests.Compiler;

// The test program is started by some tests as a process of its own.
return args switch
{
    ["limited"] => LimitedHeap.Run(),
    _ => 2,
};
