using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Http;

/// <summary>The paths of this service and the methods each takes, read from the trigger attributes.</summary>
/// <remarks>Read on first use: only the catch-all function needs it, and a start that reflects is a slower start.</remarks>
public sealed class RouteTable
{
    private static readonly Lazy<IReadOnlyList<(TemplateMatcher Matcher, string[] Methods)>> Routes = new(Read);

    /// <summary>The methods that the path takes, in upper case and alphabetical order; empty if there is no such path.</summary>
    public IReadOnlyList<string> MethodsOf(PathString path) =>
    [
        .. Routes.Value.Where(r => r.Matcher.TryMatch(path, []))
            .SelectMany(r => r.Methods)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal),
    ];

    private static List<(TemplateMatcher, string[])> Read() =>
    [
        .. from type in typeof(RouteTable).Assembly.GetExportedTypes()
           from method in type.GetMethods()
           from parameter in method.GetParameters()
           let trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()
           let route = trigger?.Route
           let methods = trigger?.Methods
           where route is not null && methods is { Length: > 0 }
           select (new TemplateMatcher(TemplateParser.Parse(route), []), methods.Select(m => m.ToUpperInvariant()).ToArray()),
    ];
}
