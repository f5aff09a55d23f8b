using System.Globalization;
using System.Reflection;

namespace AuthFunctions.Tests.Offline;

/// <summary>Public types and members as lines of text, so that two assemblies of one shape can be compared.</summary>
internal static class SignatureFormat
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>
    /// The type itself, then in ordinal order what a caller or a derived type sees of the members it declares, as in
    /// <c>Azure.Data.Tables.TableClient: virtual String Name { get; }</c>. Overrides of what <see cref="object"/> has are left
    /// out, as are nullable annotations and attributes.
    /// </summary>
    public static IEnumerable<string> Describe(Type type)
    {
        var name = type.FullName!.Replace('+', '.').Split('`')[0] + GenericArguments(type);
        return Members(type).Order(StringComparer.Ordinal).Prepend(Declaration(type)).Select(line => $"{name}: {line}");
    }

    /// <summary>The public types of an assembly, nested ones included, in ordinal order of their lines.</summary>
    public static IEnumerable<string> Describe(Assembly assembly) =>
        assembly.GetExportedTypes().OrderBy(t => t.FullName, StringComparer.Ordinal).SelectMany(Describe);

    private static string Declaration(Type type)
    {
        var kind = type switch
        {
            { IsEnum: true } => $"enum : {Name(Enum.GetUnderlyingType(type))}",
            { IsInterface: true } => "interface",
            { IsValueType: true } => "struct",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };
        return kind + Bases(type) + Constraints(type.GetGenericArguments());
    }

    // An interface that another one brings along, or the base type has, goes without saying.
    private static string Bases(Type type)
    {
        if (type.IsEnum)
        {
            return "";
        }

        // One that nobody outside can name is no part of the shape.
        var all = type.GetInterfaces().Where(i => i.IsVisible).ToArray();
        var own = all.Except(all.SelectMany(i => i.GetInterfaces())).Except(type.BaseType?.GetInterfaces() ?? [])
            .Select(Name).Order(StringComparer.Ordinal);
        var bases = type.BaseType is { } b && b != typeof(object) && b != typeof(ValueType) ? own.Prepend(Name(b)) : own;
        return string.Join(", ", bases) is { Length: > 0 } list ? " : " + list : "";
    }

    private static IEnumerable<string> Members(Type type) => type.GetMembers(Declared).Select(Member).OfType<string>();

    private static string? Member(MemberInfo member) => member switch
    {
        FieldInfo field when IsVisible(field) => Field(field),
        ConstructorInfo ctor when IsVisible(ctor) => $"{Access(ctor)}ctor({Parameters(ctor)})",
        PropertyInfo property => Property(property),
        EventInfo e when e.AddMethod is { } add && IsVisible(add) => $"{Modifiers(add)}event {Name(e.EventHandlerType!)} {e.Name}",
        MethodInfo method when IsVisible(method) && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal))
            && method.GetBaseDefinition().DeclaringType != typeof(object) => Method(method),
        _ => null,
    };

    private static string? Field(FieldInfo field)
    {
        // An enum keeps its number in a special field.
        if (field.IsSpecialName)
        {
            return null;
        }

        if (field.DeclaringType!.IsEnum)
        {
            return $"{field.Name} = {Convert.ToString(field.GetRawConstantValue(), CultureInfo.InvariantCulture)}";
        }

        var access = field.IsPublic ? "" : "protected ";
        var name = $"{Name(field.FieldType)} {field.Name}";
        return field.IsLiteral
            ? $"{access}const {name} = {Value(field.GetRawConstantValue(), field.FieldType)}"
            : $"{access}{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{name}";
    }

    private static string? Property(PropertyInfo property)
    {
        var accessors = new[] { property.GetMethod, property.SetMethod }.OfType<MethodInfo>().Where(IsVisible).ToArray();
        if (accessors.Length == 0)
        {
            return null;
        }

        // The property is as visible as the most visible of its accessors.
        var widest = accessors.FirstOrDefault(a => a.IsPublic) ?? accessors[0];
        var list = string.Join(" ", accessors.Select(a => (a.IsPublic == widest.IsPublic ? "" : "protected ") + Accessor(a, property)));
        var name = property.GetIndexParameters().Length > 0 ? $"this[{Parameters(property.GetIndexParameters())}]" : property.Name;
        return $"{Modifiers(widest)}{Name(property.PropertyType)} {name} {{ {list} }}";
    }

    private static string Accessor(MethodInfo accessor, PropertyInfo property)
    {
        if (accessor == property.GetMethod)
        {
            return "get;";
        }

        var isInit = accessor.ReturnParameter.GetRequiredCustomModifiers()
            .Any(m => m.FullName == "System.Runtime.CompilerServices.IsExternalInit");
        return isInit ? "init;" : "set;";
    }

    private static string Method(MethodInfo method)
    {
        var isExtension = method.GetCustomAttributesData()
            .Any(a => a.AttributeType.FullName == "System.Runtime.CompilerServices.ExtensionAttribute");
        var generics = method.GetGenericArguments();
        var arguments = generics.Length > 0 ? $"<{string.Join(", ", generics.Select(g => g.Name))}>" : "";
        return $"{Modifiers(method)}{Name(method.ReturnType)} {method.Name}{arguments}"
            + $"({(isExtension ? "this " : "")}{Parameters(method)}){Constraints(generics)}";
    }

    private static string Parameters(MethodBase method) => Parameters(method.GetParameters());

    private static string Parameters(ParameterInfo[] parameters) => string.Join(", ", parameters.Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        var prefix = parameter switch
        {
            { IsOut: true } => "out ",
            { IsIn: true } when type.IsByRef => "in ",
            _ when type.IsByRef => "ref ",
            _ when parameter.GetCustomAttributesData().Any(a => a.AttributeType == typeof(ParamArrayAttribute)) => "params ",
            _ => "",
        };
        var suffix = parameter.HasDefaultValue ? $" = {Value(parameter.RawDefaultValue, type)}" : "";
        return $"{prefix}{Name(type.IsByRef ? type.GetElementType()! : type)} {parameter.Name}{suffix}";
    }

    private static string Value(object? value, Type type) => value switch
    {
        null => type.IsValueType && Nullable.GetUnderlyingType(type) is null ? "default" : "null",
        string text => $"\"{text}\"",
        bool truth => truth ? "true" : "false",
        _ when type.IsEnum => $"{type.Name}.{Enum.GetName(type, value)}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Constraints(Type[] generics) => string.Concat(generics.Select(Constraint));

    private static string Constraint(Type generic)
    {
        var special = generic.GenericParameterAttributes;
        List<string> all = [];
        if (special.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint))
        {
            all.Add("struct");
        }
        else
        {
            if (special.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
            {
                all.Add("class");
            }

            all.AddRange(generic.GetGenericParameterConstraints().Select(Name));
            if (special.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint))
            {
                all.Add("new()");
            }
        }

        return all.Count > 0 ? $" where {generic.Name} : {string.Join(", ", all)}" : "";
    }

    private static string Name(Type type)
    {
        if (type.IsArray)
        {
            return Name(type.GetElementType()!) + "[]";
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Name(underlying) + "?";
        }

        return type.Name.Split('`')[0] + GenericArguments(type);
    }

    private static string GenericArguments(Type type) =>
        type.IsGenericType ? $"<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : "";

    private static string Modifiers(MethodInfo method)
    {
        // Members of an interface are all abstract, and what implements one without the word is virtual and final.
        var role = method switch
        {
            { IsStatic: true } => "static ",
            { DeclaringType.IsInterface: true } or { IsVirtual: false } or { IsFinal: true } => "",
            _ when method.GetBaseDefinition() != method => "override ",
            { IsAbstract: true } => "abstract ",
            _ => "virtual ",
        };
        return Access(method) + role;
    }

    private static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsVisible(FieldInfo field) => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly;
}
