using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Tests.Rules;

/// <summary>
/// What builds, but the real worker or Functions host cannot load, does not see, or serves otherwise than it reads. Seen with worker 2.52.0;
/// what the local host refuses at start is only part of it.
/// </summary>
internal static partial class FunctionRule
{
    /// <summary>Paths that the Functions host, or the platform's authentication, keeps to itself.</summary>
    private static readonly string[] Reserved = ["admin", "runtime", ".auth"];

    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    /// <summary>The functions among the types.</summary>
    public static IReadOnlyList<MethodInfo> Functions(IEnumerable<Type> types) =>
        [.. types.SelectMany(t => t.GetMethods(Declared)).Where(m => m.IsDefined(typeof(FunctionAttribute)))];

    public static IReadOnlyList<string> Violations(IEnumerable<Type> types)
    {
        var functions = Functions(types);
        return
        [
            .. functions.SelectMany(m => Violations(m).Select(fault => $"{NameOf(m)} ({m.DeclaringType!.Name}): {fault}")),
            .. functions.GroupBy(NameOf, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1).Select(g => $"{g.Key}: the name of several functions."),
            .. functions.GroupBy(m => m.DeclaringType!).Where(g => g.Count() > 1).Select(g => $"{g.Key.Name}: several functions in one class."),
            .. functions.Count(m => RouteOf(m) == "{*path}" && MethodsOf(m).Count == 0) == 1 ? Array.Empty<string>() : ["there must be one catch-all, for any method."],
        ];
    }

    public static string NameOf(MethodInfo function) => function.GetCustomAttribute<FunctionAttribute>()!.Name;

    public static string? RouteOf(MethodInfo function) => HttpOf(function)?.Route;

    public static IReadOnlyList<string> MethodsOf(MethodInfo function) => HttpOf(function)?.Methods ?? [];

    private static HttpTriggerAttribute? HttpOf(MethodInfo function) =>
        function.GetParameters().Select(p => p.GetCustomAttribute<HttpTriggerAttribute>()).SingleOrDefault(a => a is not null);

    private static IEnumerable<string> Violations(MethodInfo function)
    {
        var (type, name, parameters) = (function.DeclaringType!, NameOf(function), function.GetParameters());
        if (!type.IsPublic || type.IsAbstract || type.ContainsGenericParameters || !function.IsPublic || function.IsStatic || function.IsGenericMethod)
        {
            yield return "must be a public instance method of a public class that is not nested, abstract or generic.";
        }

        if (function.Name != "RunAsync" || function.ReturnType != typeof(Task))
        {
            yield return "must be RunAsync and return Task: a returned result is serialised to the host, tokens included.";
        }

        if (!Name().IsMatch(name) || name.Equals("Warmup", StringComparison.OrdinalIgnoreCase))
        {
            yield return "a name is a letter, then at most 126 letters, digits, _ and -, and not Warmup.";
        }

        if (parameters.Any(p => p.ParameterType == typeof(HttpContext)))
        {
            yield return "an HttpContext parameter is null; use request.HttpContext.";
        }

        if (!parameters.Any(p => p.ParameterType == typeof(CancellationToken)))
        {
            yield return "takes no CancellationToken.";
        }

        foreach (var fault in HttpOf(function) is { } http ? HttpFaults(function, http) : [])
        {
            yield return fault;
        }
    }

    private static IEnumerable<string> HttpFaults(MethodInfo function, HttpTriggerAttribute http)
    {
        // Without it the level depends on which constructor was called.
        var given = function.GetParameters().SelectMany(p => p.GetCustomAttributesData()).Single(a => a.AttributeType == typeof(HttpTriggerAttribute));
        if (!given.ConstructorArguments.Any(a => a.ArgumentType == typeof(AuthorizationLevel)) || http.AuthLevel != AuthorizationLevel.Anonymous)
        {
            yield return "must say AuthorizationLevel.Anonymous: callers have no keys of the Functions host.";
        }

        if (http.Route is not { Length: > 0 } route || !TryParse(route, out var pattern))
        {
            yield return "needs a route, and a well-formed one.";
            yield break;
        }

        if (Reserved.Contains(route.Split('/')[0], StringComparer.OrdinalIgnoreCase))
        {
            yield return $"route '{route}' is reserved.";
        }

        if (pattern.Parameters.Any(p => p.ParameterPolicies.Count > 0 || p.IsOptional || p.Default is not null || (p.IsCatchAll && route != "{*path}")))
        {
            yield return "a route parameter is plain text: what it may be is checked in code, for an answer in words.";
        }

        var taken = function.GetParameters().Where(p => !p.IsDefined(typeof(HttpTriggerAttribute)) && p.ParameterType != typeof(CancellationToken)).ToList();
        if (taken.Any(p => p.ParameterType != typeof(string))
            || !taken.Select(p => p.Name!).ToHashSet().SetEquals(pattern.Parameters.Where(p => !p.IsCatchAll).Select(p => p.Name)))
        {
            yield return "takes each parameter of its route as a string, and nothing else.";
        }
    }

    private static bool TryParse(string route, out RoutePattern pattern)
    {
        pattern = RoutePatternFactory.Parse("");
        try
        {
            pattern = RoutePatternFactory.Parse(route);
            return true;
        }
        catch (RoutePatternException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_-]{0,126}\z")]
    private static partial Regex Name();
}
