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
    private readonly ObjectFactory? create =
        method.IsStatic ? null : ActivatorUtilities.CreateFactory(method.DeclaringType!, Type.EmptyTypes);

    public string Name => definition.Name;

    public Trigger Trigger => trigger;

    public FunctionDefinition Definition => definition;

    /// <summary>Runs it on an instance of its own; what it returned is in the context.</summary>
    public async Task RunAsync(LocalFunctionContext context)
    {
        var values = arguments.Select(argument => argument(context)).ToArray();
        var instance = create?.Invoke(context.InstanceServices, null);
        var returned = method.Invoke(instance, BindingFlags.DoNotWrapExceptions, null, values, null);
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
