using System.ComponentModel;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Offline.Functions;

/// <summary>Where a function's arguments come from.</summary>
internal static class ArgumentBinding
{
    /// <summary>Null if nothing could ever be passed for the parameter.</summary>
    public static Func<LocalFunctionContext, object?>? For(ParameterInfo parameter, Trigger trigger)
    {
        var type = parameter.ParameterType;
        if (type == typeof(HttpRequest))
        {
            return context => context.Http?.Request;
        }

        if (type == typeof(FunctionContext))
        {
            return context => context;
        }

        if (type == typeof(CancellationToken))
        {
            return context => context.CancellationToken;
        }

        if (type == typeof(TimerInfo))
        {
            return context => context.Timer;
        }

        if (type == typeof(string) && trigger is Trigger.Queue)
        {
            return context => context.Message;
        }

        // Seen with the real worker: it has no converter for this type and passes null.
        if (type == typeof(HttpContext))
        {
            return _ => null;
        }

        var converter = TypeDescriptor.GetConverter(type);
        return trigger is Trigger.Http http
            && http.RouteValues.Contains(parameter.Name!, StringComparer.OrdinalIgnoreCase)
            && converter.CanConvertFrom(typeof(string))
            ? RouteValue
            : null;

        object? RouteValue(LocalFunctionContext context) =>
            context.Http?.GetRouteValue(parameter.Name!) is string text ? converter.ConvertFromInvariantString(text) : null;
    }
}
