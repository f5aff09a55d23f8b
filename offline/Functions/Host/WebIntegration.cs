using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace AuthFunctions.Offline.Functions;

/// <summary>The step of the worker's pipeline that joins it to ASP.NET Core.</summary>
internal static class WebIntegration
{
    public const string HttpContextItem = "HttpRequestContext";

    public static FunctionExecutionDelegate Join(FunctionExecutionDelegate next) => async context =>
    {
        var invocation = (LocalFunctionContext)context;
        if (invocation.Http is not { } http)
        {
            await next(context);
            return;
        }

        context.Items[HttpContextItem] = http;
        await next(context);

        // Anything else that a function returns is not written: the client gets what is there, an empty 200 if nothing is.
        if (invocation.Result is IResult result)
        {
            await result.ExecuteAsync(http);
        }
    };

    /// <summary>The app's middleware in its order, and the function at the end.</summary>
    public static FunctionExecutionDelegate Pipeline(
        IEnumerable<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware)
    {
        return middleware.Reverse().Aggregate((FunctionExecutionDelegate)Run, (next, step) => step(next));

        static Task Run(FunctionContext context)
        {
            var invocation = (LocalFunctionContext)context;
            return invocation.Function.RunAsync(invocation);
        }
    }
}
