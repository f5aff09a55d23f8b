using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Offline.Functions;

/// <summary>A function that can run.</summary>
internal sealed class LoadedFunction(
    MethodInfo method,
    Trigger trigger,
    FunctionDefinition definition,
    IReadOnlyList<Func<LocalFunctionContext, object?>> arguments)
{
    private readonly MethodInvoker invoker = MethodInvoker.Create(method);

    public string Name => definition.Name;

    public Trigger Trigger => trigger;

    public FunctionDefinition Definition => definition;

    /// <summary>Runs it on an instance of its own; what it returned is in the context.</summary>
    public async Task RunAsync(LocalFunctionContext context)
    {
        var values = new object?[arguments.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = arguments[i](context);
        }

        // As the worker does. A compiled factory for each function would take a good part of the start.
        var instance = method.IsStatic ? null : ActivatorUtilities.CreateInstance(context.InstanceServices, method.DeclaringType!);
        var returned = invoker.Invoke(instance, values.AsSpan());
        context.Result = returned switch
        {
            Task task => await ResultOfAsync(task, method.ReturnType),
            ValueTask task => await ResultOfAsync(task.AsTask(), typeof(Task)),
            _ when IsValueTaskOfResult(method.ReturnType) => await ResultOfAsync(AsTask(returned!), method.ReturnType),
            _ => returned,
        };
    }

    // By the declared type: the task of an async method without a result is, beneath, a Task<T> of an internal type.
    private static async Task<object?> ResultOfAsync(Task task, Type declared)
    {
        await task;
        return declared.IsGenericType ? task.GetType().GetProperty(nameof(Task<>.Result))!.GetValue(task) : null;
    }

    private static bool IsValueTaskOfResult(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>);

    private static Task AsTask(object valueTask) =>
        (Task)valueTask.GetType().GetMethod(nameof(ValueTask<>.AsTask))!.Invoke(valueTask, null)!;
}
