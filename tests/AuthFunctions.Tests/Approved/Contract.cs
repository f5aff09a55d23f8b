using System.Collections;
using System.Globalization;
using System.Reflection;
using AuthFunctions.Tests.Rules;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Tests.Approved;

/// <summary>What the code says that the README, the sample and the approved files must say too.</summary>
internal static class Contract
{
    /// <summary>A setting: its name (<c>Sites:{name}:Issuer</c>), its type and its default, null where there is none.</summary>
    public sealed record Setting(string Name, Type Type, object? Default);

    /// <summary>The endpoints but for the catch-all: <c>GET /session</c> and the function's name.</summary>
    public static IReadOnlyList<(string Endpoint, string Function)> Endpoints { get; } =
    [
        .. from function in FunctionRule.Functions(typeof(Program).Assembly.GetTypes())
           let route = FunctionRule.RouteOf(function)
           where route is not null and not "{*path}"
           from method in FunctionRule.MethodsOf(function)
           orderby route, method
           select ($"{method.ToUpperInvariant()} /{route}", FunctionRule.NameOf(function)),
    ];

    /// <summary>The functions that run by the clock: schedule and name.</summary>
    public static IReadOnlyList<(string Schedule, string Function)> Timers { get; } =
    [
        .. from function in FunctionRule.Functions(typeof(Program).Assembly.GetTypes())
           from parameter in function.GetParameters()
           let timer = parameter.GetCustomAttribute<TimerTriggerAttribute>()
           where timer is not null
           select (timer.Schedule, FunctionRule.NameOf(function)),
    ];

    /// <summary>The functions that a queue wakes: queue and name.</summary>
    public static IReadOnlyList<(string Queue, string Function)> Queues { get; } =
    [
        .. from function in FunctionRule.Functions(typeof(Program).Assembly.GetTypes())
           from parameter in function.GetParameters()
           let queue = parameter.GetCustomAttribute<QueueTriggerAttribute>()
           where queue is not null
           select (queue.QueueName, FunctionRule.NameOf(function)),
    ];

    public static IReadOnlyList<Setting> Settings { get; } =
    [
        .. from type in typeof(Program).Assembly.GetTypes()
           let section = type.GetField("Section")?.GetRawConstantValue() as string
           where section is not null
           from setting in SettingsOf(type, section)
           orderby setting.Name
           select setting,
    ];

    /// <summary>The type as source would have it.</summary>
    public static string NameOf(Type type) =>
        Nullable.GetUnderlyingType(type) is { } inner ? NameOf(inner)
        : type.IsGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>"
        : type == typeof(string) ? "string" : type == typeof(int) ? "int" : type == typeof(bool) ? "bool"
        : type.Name;

    /// <summary>A default as text; nothing where there is none.</summary>
    public static string TextOf(object? value) => value switch
    {
        bool flag => flag ? "true" : "false",
        ICollection { Count: 0 } or "" or null => "",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static IEnumerable<Setting> SettingsOf(Type type, string section)
    {
        var (element, prefix) = typeof(IDictionary).IsAssignableFrom(type) ? (type.BaseType!.GetGenericArguments()[1], section + ":{name}")
            : typeof(IList).IsAssignableFrom(type) ? (type.BaseType!.GetGenericArguments()[0], section + ":{n}")
            : (type, section);
        var defaults = Activator.CreateInstance(element)!;
        return element.GetProperties().Where(p => p.SetMethod?.IsPublic == true).Select(p => new Setting($"{prefix}:{p.Name}", p.PropertyType, p.GetValue(defaults)));
    }
}
