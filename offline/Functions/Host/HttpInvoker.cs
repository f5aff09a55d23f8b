using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AuthFunctions.Offline.Functions;

/// <summary>Runs a function for a request.</summary>
internal sealed class HttpInvoker(FunctionExecutionDelegate pipeline, ILoggerFactory loggers)
{
    public async Task InvokeAsync(LoadedFunction function, HttpContext http)
    {
        // In the worker functions do not run on the request's flow, so the accessor is empty there unless middleware fills it.
        if (http.RequestServices.GetService<IHttpContextAccessor>() is { } accessor)
        {
            accessor.HttpContext = null;
        }

        // A token of its own, as in the worker: it fires with RequestAborted and is not the same.
        using var disconnected = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        try
        {
            await pipeline(new LocalFunctionContext(function, http.RequestServices, disconnected.Token) { Http = http });
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to be answered.
        }
        catch (Exception fault)
        {
            HostLog.FunctionFailed(loggers.CreateLogger($"Function.{function.Name}"), fault, function.Name);
            if (http.Response.HasStarted)
            {
                http.Abort();
                return;
            }

            http.Response.Clear();
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }
}
