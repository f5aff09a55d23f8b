using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Extensions.Configuration;

namespace AuthFunctions.Offline.Functions;

/// <summary>Finds the functions of an app; refuses what the real worker or host would refuse, ignore or stumble over.</summary>
internal sealed partial class FunctionLoader(string routePrefix, IConfiguration configuration)
{
    private readonly List<string> faults = [];

    public static FunctionSet Load(IEnumerable<Type> types, string routePrefix, IConfiguration configuration)
    {
        var loader = new FunctionLoader(routePrefix, configuration);
        var functions = types.SelectMany(loader.LoadType).ToList();
        loader.faults.AddRange(FunctionConflicts.In(functions));
        return new FunctionSet(functions, loader.faults);
    }

    private List<LoadedFunction> LoadType(Type type)
    {
        const BindingFlags Declared =
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance
            | BindingFlags.DeclaredOnly;
        var methods = type.GetMethods(Declared).Where(method => method.IsDefined(typeof(FunctionAttribute), false)).ToList();
        var loaded = new List<LoadedFunction>();
        foreach (var method in methods)
        {
            var name = method.GetCustomAttribute<FunctionAttribute>()!.Name;
            try
            {
                var overloads = methods.Count(other => other.Name == method.Name);
                loaded.Add(LoadMethod(name, method, overloads));
            }
            catch (FormatException fault)
            {
                faults.Add($"{name} ({type.FullName}.{method.Name}): {fault.Message}");
            }
        }

        return loaded;
    }

    private LoadedFunction LoadMethod(string name, MethodInfo method, int overloads)
    {
        var type = method.DeclaringType!;
        Refuse(!NamePattern().IsMatch(name), "a name is a letter, then letters, digits, _ and -, at most 127 in all.");
        Refuse(!method.IsPublic, "the method is not public, so the worker would not see it.");
        Refuse(type.IsNested, "the class is nested in another; the worker cannot load it.");
        Refuse(type.ContainsGenericParameters || method.ContainsGenericParameters, "the class or method is generic.");
        Refuse(type.IsAbstract && !method.IsStatic, "the class is abstract.");
        Refuse(overloads > 1, "the class has two functions of this method name; the worker cannot load them.");
        Refuse(
            method.ReturnType == typeof(void) && method.IsDefined(typeof(AsyncStateMachineAttribute), false),
            "the method is async void; return a Task (AZFW0002).");
        Refuse(ReturnsActionResult(method.ReturnType), "the local host has no MVC for an IActionResult; return an IResult.");

        var triggers = method.GetParameters()
            .Where(parameter => parameter.IsDefined(typeof(TriggerBindingAttribute)))
            .ToList();
        Refuse(triggers.Count != 1, $"a function has one trigger, this one has {triggers.Count}.");

        var (trigger, kind, expected) = triggers[0].GetCustomAttribute<TriggerBindingAttribute>() switch
        {
            HttpTriggerAttribute http => ((Trigger)HttpOf(name, http), "httpTrigger", typeof(HttpRequest)),
            QueueTriggerAttribute queue => (QueueOf(queue), "queueTrigger", typeof(string)),
            TimerTriggerAttribute timer => (TimerOf(timer), "timerTrigger", typeof(TimerInfo)),
            _ => throw new FormatException("the local host knows no such trigger."),
        };
        Refuse(triggers[0].ParameterType != expected, $"the trigger's parameter must be of type {expected.Name}.");
        var arguments = method.GetParameters().Select(parameter => ArgumentBinding.For(parameter, trigger)
            ?? throw new FormatException($"nothing can be passed for parameter '{parameter.Name}'."));
        var binding = new LocalBindingMetadata(triggers[0].Name!, kind);
        return new LoadedFunction(method, trigger, new LocalFunctionDefinition(name, method, binding), [.. arguments]);
    }

    private Trigger.Http HttpOf(string name, HttpTriggerAttribute trigger)
    {
        var text = $"{routePrefix}/{(trigger.Route ?? name).Trim('/')}".Trim('/');
        Refuse(
            ReservedPaths.All.Contains(text.Split('/')[0], StringComparer.OrdinalIgnoreCase),
            $"route '{text}' lies under a path that the Functions host keeps to itself.");
        try
        {
            return new Trigger.Http(
                text,
                [.. RoutePatternFactory.Parse(text).Parameters.Select(parameter => parameter.Name)],
                [.. (trigger.Methods ?? []).Select(method => method.ToUpperInvariant())]);
        }
        catch (RoutePatternException fault)
        {
            throw new FormatException($"route '{text}': {fault.Message}");
        }
    }

    private Trigger.Queue QueueOf(QueueTriggerAttribute trigger)
    {
        var queue = Resolve(trigger.QueueName, "queue");
        Refuse(!QueuePattern().IsMatch(queue), $"'{queue}' is no name of a queue: 3 to 63 lower-case letters, digits and single dashes.");
        return new Trigger.Queue(queue, trigger.Connection ?? "AzureWebJobsStorage");
    }

    private Trigger.Timer TimerOf(TimerTriggerAttribute trigger)
    {
        var schedule = CronSchedule.Parse(Resolve(trigger.Schedule, "schedule"));
        Refuse(schedule.Next(DateTimeOffset.UnixEpoch) is null, $"the schedule '{trigger.Schedule}' names no day there is.");
        return new Trigger.Timer(schedule, trigger.RunOnStartup, trigger.UseMonitor);
    }

    private string Resolve(string text, string what) => SettingPattern().Replace(
        text,
        match => configuration[match.Groups[1].Value]
            ?? throw new FormatException($"the {what} names setting '{match.Groups[1].Value}', which is not set."));

    private static bool ReturnsActionResult(Type type) =>
        type.IsAssignableTo(typeof(IActionResult)) || (type.IsGenericType && type.GetGenericArguments().Any(ReturnsActionResult));

    private static void Refuse(bool condition, string fault)
    {
        if (condition)
        {
            throw new FormatException(fault);
        }
    }

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_-]{0,126}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"^(?=.{3,63}\z)[a-z0-9]+(-[a-z0-9]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex QueuePattern();

    [GeneratedRegex("%([^%]+)%", RegexOptions.CultureInvariant)]
    private static partial Regex SettingPattern();
}
