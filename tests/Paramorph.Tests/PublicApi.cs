using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Paramorph.Tests;

/// <summary>The public API of assemblies as text: a type a line with what it derives from, its members below it, all in ordinal order. What the compiler adds to records is left out.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Text(params Assembly[] assemblies) => string.Concat(assemblies.Select(assembly =>
        $"# {assembly.GetName().Name}\n\n{string.Join('\n', assembly.GetExportedTypes().Select(Text).Order(StringComparer.Ordinal))}\n"));

    private static string Text(Type type)
    {
        var members = type.GetMembers(Declared).Select(Line).OfType<string>().Order(StringComparer.Ordinal).Select(line => $"    {line}\n");
        return $"{Kind(type)} {Name(type, isFull: true)}{Bases(type)}\n{string.Concat(members)}";
    }

    private static string Kind(Type type) => type switch
    {
        { IsInterface: true } => "interface",
        { IsEnum: true } => "enum",
        { IsValueType: true } => "struct",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        { IsSealed: true } => "sealed class",
        _ => "class",
    };

    private static string Bases(Type type)
    {
        var isPlain = type.BaseType is null || type.BaseType == typeof(object) || type.BaseType == typeof(ValueType) || type.IsEnum;
        string[] names = [.. isPlain ? Array.Empty<string>() : [Name(type.BaseType!)], .. type.GetInterfaces().Where(i => i.IsVisible && !type.IsEnum).Select(i => Name(i)).Order(StringComparer.Ordinal)];
        return names.Length == 0 ? "" : $" : {string.Join(", ", names)}";
    }

    /// <summary>A member that others can see; null for any other.</summary>
    private static string? Line(MemberInfo member) => member switch
    {
        _ when member.IsDefined(typeof(CompilerGeneratedAttribute)) || member.Name.StartsWith('<') => null,
        FieldInfo { IsLiteral: true, DeclaringType.IsEnum: true } field => $"{field.Name} = {Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture)}",
        FieldInfo field when IsSeen(field) => field.IsSpecialName ? null : $"{(field.IsStatic ? "static " : "")}{Name(field.FieldType)} {field.Name}",
        ConstructorInfo constructor when IsSeen(constructor) => $"new({Parameters(constructor)})",
        PropertyInfo property when property.GetAccessors(nonPublic: true).Any(IsSeen) => Line(property),
        EventInfo { AddMethod: { } add } changed when IsSeen(add) => $"event {Name(changed.EventHandlerType!)} {changed.Name}",
        MethodInfo method when IsSeen(method) && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)) =>
            $"{Modifiers(method)}{Name(method.ReturnType)} {method.Name}{Generic(method.IsGenericMethod ? method.GetGenericArguments() : [])}({Parameters(method)})",
        _ => null,
    };

    private static string Line(PropertyInfo property)
    {
        string Accessor(MethodInfo? accessor, string name) => accessor is null || !IsSeen(accessor) ? "" : $" {name};";
        var isInit = property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true;
        var indices = property.GetIndexParameters() is { Length: > 0 } parameters ? $"[{string.Join(", ", parameters.Select(Parameter))}]" : "";
        return $"{Modifiers(property.GetAccessors(nonPublic: true)[0])}{Name(property.PropertyType)} {property.Name}{indices} {{{Accessor(property.GetMethod, "get")}{Accessor(property.SetMethod, isInit ? "init" : "set")} }}";
    }

    private static bool IsSeen(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsSeen(FieldInfo field) => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly;

    private static string Modifiers(MethodInfo method) =>
        (method.IsPublic ? "" : "protected ") + (method.IsStatic ? "static " : "") + (method.IsAbstract ? "abstract " : method.IsVirtual && !method.IsFinal ? "virtual " : "");

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter) => $"{Name(parameter.ParameterType)} {parameter.Name}{(parameter.IsOptional ? "?" : "")}";

    private static string Generic(Type[] arguments) => arguments.Length == 0 ? "" : $"<{string.Join(", ", arguments.Select(argument => Name(argument)))}>";

    /// <summary>The name as it is written in C#, with the types around it, and with its namespace if it is to be full.</summary>
    private static string Name(Type type, bool isFull = false)
    {
        if (type.IsByRef) return $"ref {Name(type.GetElementType()!)}";
        if (type.IsArray) return $"{Name(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        if (type.IsPointer) return $"{Name(type.GetElementType()!)}*";
        if (type.IsGenericParameter) return type.Name;
        var around = type.DeclaringType is { } declaring ? $"{Name(declaring, isFull)}." : isFull ? $"{type.Namespace}." : "";
        return around + type.Name.Split('`')[0] + Generic(type.Name.Contains('`', StringComparison.Ordinal) ? type.GetGenericArguments() : []);
    }
}
