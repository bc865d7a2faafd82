using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Paramorph.Cpu;

/// <summary>The framework's vector types and methods of one width, which emitted code calls and the runtime turns into single instructions.</summary>
[RequiresDynamicCode("Makes instances of generic methods.")]
internal sealed class VectorMethods
{
    private readonly VectorWidth width;
    private readonly ILookup<string, MethodInfo> methods;
    private readonly Dictionary<(string Name, LaneType Type, int Arity), MethodInfo> found = [];

    private VectorMethods(VectorWidth width)
    {
        this.width = width;
        methods = StaticMethods(width).ToLookup(m => m.Name);
    }

    private static readonly Lazy<VectorMethods> Of128 = new(() => new VectorMethods(VectorWidth.Bits128));
    private static readonly Lazy<VectorMethods> Of256 = new(() => new VectorMethods(VectorWidth.Bits256));
    private static readonly Lazy<VectorMethods> Of512 = new(() => new VectorMethods(VectorWidth.Bits512));

    /// <summary>The methods of one width.</summary>
    public static VectorMethods Of(VectorWidth width) => width switch
    {
        VectorWidth.Bits128 => Of128.Value,
        VectorWidth.Bits256 => Of256.Value,
        _ => Of512.Value,
    };

    /// <summary>The vector type of lanes of the given type.</summary>
    public Type VectorOf(LaneType type) => (width, type) switch
    {
        (VectorWidth.Bits128, LaneType.F32) => typeof(Vector128<float>),
        (VectorWidth.Bits128, LaneType.I32) => typeof(Vector128<int>),
        (VectorWidth.Bits128, LaneType.F64) => typeof(Vector128<double>),
        (VectorWidth.Bits128, LaneType.I64) => typeof(Vector128<long>),
        (VectorWidth.Bits256, LaneType.F32) => typeof(Vector256<float>),
        (VectorWidth.Bits256, LaneType.I32) => typeof(Vector256<int>),
        (VectorWidth.Bits256, LaneType.F64) => typeof(Vector256<double>),
        (VectorWidth.Bits256, LaneType.I64) => typeof(Vector256<long>),
        (_, LaneType.F32) => typeof(Vector512<float>),
        (_, LaneType.I32) => typeof(Vector512<int>),
        (_, LaneType.F64) => typeof(Vector512<double>),
        _ => typeof(Vector512<long>),
    };

    /// <summary>The method whose <paramref name="arity"/> leading arguments are vectors of the type.</summary>
    public MethodInfo Find(string name, LaneType type, int arity)
    {
        lock (found)
        {
            if (!found.TryGetValue((name, type, arity), out MethodInfo? method))
                found.Add((name, type, arity), method = Search(name, type, p => p.Take(arity).All(t => t == VectorOf(type)), arity));
            return method;
        }
    }

    /// <summary>The method that repeats a scalar in every lane.</summary>
    public MethodInfo Broadcast(LaneType type)
    {
        lock (found)
        {
            if (!found.TryGetValue(("Create", type, -1), out MethodInfo? method))
                found.Add(("Create", type, -1), method = Search("Create", type, p => p.Length == 1 && p[0] == ScalarOf(type), 1));
            return method;
        }
    }

    /// <summary>The getter of the vector whose lanes are 0, 1, 2, ...</summary>
    public MethodInfo Indices(LaneType type) => (width, type) switch
    {
        (VectorWidth.Bits128, LaneType.I32) => typeof(Vector128<int>).GetProperty("Indices")!.GetMethod!,
        (VectorWidth.Bits128, _) => typeof(Vector128<long>).GetProperty("Indices")!.GetMethod!,
        (VectorWidth.Bits256, LaneType.I32) => typeof(Vector256<int>).GetProperty("Indices")!.GetMethod!,
        (VectorWidth.Bits256, _) => typeof(Vector256<long>).GetProperty("Indices")!.GetMethod!,
        (_, LaneType.I32) => typeof(Vector512<int>).GetProperty("Indices")!.GetMethod!,
        _ => typeof(Vector512<long>).GetProperty("Indices")!.GetMethod!,
    };

    /// <summary>A bitwise reinterpretation; null where the types are the same.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2060", Justification = "The type parameters of As have no annotations.")]
    public MethodInfo? Reinterpret(LaneType from, LaneType to)
    {
        if (from == to)
            return null;
        MethodInfo definition = methods["As"].First(m => m.GetGenericArguments().Length == 2 && m.GetParameters()[0].ParameterType.IsGenericType);
        return definition.MakeGenericMethod(ScalarOf(from), ScalarOf(to));
    }

    /// <summary>
    /// The processor's shift of each lane by a count of its own, and the reinterpretation of counts as the unsigned ones that it takes; null where it has none.
    /// It takes negative counts and those beyond the width as <see cref="LaneFunctions"/> does.
    /// </summary>
    [UnconditionalSuppressMessage("Trimming", "IL2060", Justification = "The type parameters of As have no annotations.")]
    public (MethodInfo Counts, MethodInfo Shift)? ShiftByLanes(LaneFunction function)
    {
        var type = function is LaneFunction.ShiftLeftI64 or LaneFunction.ShiftRightArithmeticI64 or LaneFunction.ShiftRightLogicalI64 ? LaneType.I64 : LaneType.I32;
        var name = function switch
        {
            LaneFunction.ShiftLeftI32 or LaneFunction.ShiftLeftI64 => nameof(Avx2.ShiftLeftLogicalVariable),
            LaneFunction.ShiftRightArithmeticI32 or LaneFunction.ShiftRightArithmeticI64 => nameof(Avx2.ShiftRightArithmeticVariable),
            LaneFunction.ShiftRightLogicalI32 or LaneFunction.ShiftRightLogicalI64 => nameof(Avx2.ShiftRightLogicalVariable),
            _ => null,
        };
        if (name is null) return null;
        var counts = methods["As"].First(m => m.GetGenericArguments().Length == 2 && m.GetParameters()[0].ParameterType.IsGenericType)
            .MakeGenericMethod(ScalarOf(type), type == LaneType.I64 ? typeof(ulong) : typeof(uint));
        Type[] operands = [VectorOf(type), counts.ReturnType];
        var shift = width == VectorWidth.Bits512 ? (Avx512F.IsSupported ? typeof(Avx512F).GetMethod(name, operands) : null)
            : (Avx2.IsSupported ? typeof(Avx2).GetMethod(name, operands) : null) ?? (Avx512F.VL.IsSupported ? typeof(Avx512F.VL).GetMethod(name, operands) : null);
        return shift is null ? null : (counts, shift);
    }

    /// <summary>The scalar type of a lane.</summary>
    public static Type ScalarOf(LaneType type) => type switch
    {
        LaneType.F32 => typeof(float),
        LaneType.I32 => typeof(int),
        LaneType.F64 => typeof(double),
        _ => typeof(long),
    };

    [UnconditionalSuppressMessage("Trimming", "IL2060", Justification = "The type parameters of the vector methods have no annotations.")]
    private MethodInfo Search(string name, LaneType type, Func<Type[], bool> fits, int arity)
    {
        foreach (MethodInfo candidate in methods[name])
        {
            MethodInfo method = candidate;
            if (method.IsGenericMethodDefinition)
            {
                if (method.GetGenericArguments().Length != 1)
                    continue;
                method = method.MakeGenericMethod(ScalarOf(type));
            }

            Type[] parameters = [.. method.GetParameters().Select(p => p.ParameterType)];
            bool endsWithCount = parameters.Length == arity + 1 && parameters[arity] == typeof(int);
            if ((parameters.Length == arity || endsWithCount && name.StartsWith("Shift", StringComparison.Ordinal)) && fits(parameters))
                return method;
        }

        throw new MissingMethodException($"Vector{(int)width}.{name} of {arity} vectors of {type}.");
    }

    private static MethodInfo[] StaticMethods(VectorWidth width) => width switch
    {
        VectorWidth.Bits128 => typeof(Vector128).GetMethods(BindingFlags.Public | BindingFlags.Static),
        VectorWidth.Bits256 => typeof(Vector256).GetMethods(BindingFlags.Public | BindingFlags.Static),
        _ => typeof(Vector512).GetMethods(BindingFlags.Public | BindingFlags.Static),
    };
}
