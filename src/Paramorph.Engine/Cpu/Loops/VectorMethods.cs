using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.Intrinsics;

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
