using System.Collections.Concurrent;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AuthFunctions.Tests.Offline;

// Functions for these tests alone. Top-level and public because the worker asks for it; no product host sees them.

public static class SampleRoutes
{
    [Function("Item")]
    public static Task ItemAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "items/{id:int}")] HttpRequest request, int id) =>
        request.HttpContext.Response.WriteAsync($"item {id}");

    [Function("First")]
    public static Task FirstAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "items/first")] HttpRequest request) =>
        request.HttpContext.Response.WriteAsync("the first");

    [Function("TextOf")]
    public static Task TextAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "text/{text}")] HttpRequest request, string text) =>
        request.HttpContext.Response.WriteAsync($"text {text}");

    [Function("Anything")]
    public static Task AnythingAsync([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) =>
        request.HttpContext.Response.WriteAsync("anything");
}

public static class SampleCatchAll
{
    [Function("CatchAll")]
    public static Task RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "{*path}")] HttpRequest request)
    {
        request.HttpContext.Response.StatusCode = StatusCodes.Status202Accepted;
        return HttpMethods.IsHead(request.Method)
            ? Task.CompletedTask
            : request.HttpContext.Response.WriteAsync($"{request.Method} {request.Path}");
    }
}

public static class SampleAnswers
{
    [Function("Nothing")]
    public static Task NothingAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request)
    {
        Assert.NotNull(request);
        return Task.CompletedTask;
    }

    [Function("ResultOfTask")]
    public static async Task<IResult> ResultOfTaskAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request)
    {
        await Task.Yield();
        return Result(request);
    }

    [Function("ResultOfValueTask")]
    public static async ValueTask<IResult> ResultOfValueTaskAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request)
    {
        await Task.Yield();
        return Result(request);
    }

    [Function("Result")]
    public static IResult Result([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) =>
        Results.Conflict(request.Method);

    [Function("Text")]
    public static string Text([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => request.Method;

    [Function("Throws")]
    public static async ValueTask ThrowsAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request)
    {
        request.HttpContext.Response.Headers["X-Sample"] = "set";
        await Task.Yield();
        throw new InvalidOperationException("a function's fault");
    }

    [Function("Number")]
    public static Task NumberAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "number/{number}")] HttpRequest request,
        int number,
        HttpContext? http,
        FunctionContext context)
    {
        var accessor = context.InstanceServices.GetRequiredService<IHttpContextAccessor>();
        return request.HttpContext.Response.WriteAsync($"{number} {http is null} {accessor.HttpContext is null}");
    }

    [Function("Body")]
    public static async Task BodyAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequest request, CancellationToken ct)
    {
        try
        {
            using var reader = new StreamReader(request.Body);
            var body = await reader.ReadToEndAsync(ct);
            await request.HttpContext.Response.WriteAsync($"{body.Length} bytes", ct);
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException refusal)
        {
            await request.HttpContext.Response.WriteAsync($"refused: {refusal.StatusCode}", ct);
        }
    }

    [Function("Headers")]
    public static Task HeadersAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) =>
        request.HttpContext.Response.WriteAsync(string.Join(' ', request.Headers.Select(header => header.Key)));
}

public sealed class SampleScope
{
    public string Id { get; } = Guid.NewGuid().ToString();
}

public sealed class SampleScopeReader : IFunctionsWorkerMiddleware
{
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        context.Items["scope"] = context.InstanceServices.GetRequiredService<SampleScope>().Id;
        return next(context);
    }
}

public sealed class SampleScoped(SampleScope scope)
{
    [Function("Scoped")]
    public Task RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, FunctionContext context) =>
        request.HttpContext.Response.WriteAsync(
            $"{scope.Id} {context.Items["scope"]} {request.HttpContext.RequestServices.GetRequiredService<SampleScope>().Id}");
}

public sealed class SampleFirst(List<string> seen) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        seen.Add($"first {context.FunctionDefinition.Name}, request: {context.GetHttpContext() is not null}");
        await next(context);
        seen.Add("first after");
    }
}

public sealed class SampleSecond(List<string> seen) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        seen.Add($"second {context.FunctionDefinition.Name}, request: {context.GetHttpContext() is not null}");
        await next(context);
        seen.Add("second after");
    }
}

public sealed class SampleSignals
{
    public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

public sealed class SampleWaiting(SampleSignals signals)
{
    [Function("Waiting")]
    public async Task RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, CancellationToken ct)
    {
        Assert.NotEqual(request.HttpContext.RequestAborted, ct);
        signals.Started.SetResult();
        try
        {
            await Task.Delay(Timeout.Infinite, ct);
        }
        finally
        {
            signals.Cancelled.SetResult();
        }
    }
}

public sealed class SampleBreakingOff(SampleSignals signals)
{
    [Function("BreakingOff")]
    public async Task RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, CancellationToken ct)
    {
        await request.HttpContext.Response.WriteAsync("the beginning", ct);
        await request.HttpContext.Response.Body.FlushAsync(ct);

        // A reset overtakes what the client has not read yet, so it says when it has.
        await signals.Started.Task.WaitAsync(ct);
        throw new InvalidOperationException("a function's fault");
    }
}

public sealed class SampleComponent : ComponentBase
{
    [Inject]
    public required SampleScope Scope { get; init; }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "p");
        builder.AddContent(1, $"{Scope.Id} <b>");
        builder.CloseElement();
    }
}

public sealed class SamplePage(SampleScope scope)
{
    [Function("Page")]
    public Task RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request)
    {
        request.HttpContext.Response.Headers["X-Scope"] = scope.Id;
        return new RazorComponentResult<SampleComponent>().ExecuteAsync(request.HttpContext);
    }
}

public sealed class SampleLog : ILoggerProvider
{
    public ConcurrentQueue<string> Lines { get; } = new();

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, Lines);

    public void Dispose()
    {
    }

    private sealed class Logger(string category, ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{category}: {formatter(state, exception)} ({exception?.Message})");
    }
}
