using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Tests.Offline;

// What the real worker or host refuses, ignores or stumbles over.

public static class SampleOuter
{
    public static class Nested
    {
        [Function("InNestedClass")]
        public static string Run([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => request.Method;
    }
}

public static class SampleOverloads
{
    [Function("OverloadOne")]
    public static string Run([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => request.Method;

    [Function("OverloadTwo")]
    public static string Run([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, CancellationToken ct) =>
        $"{request.Method} {ct.CanBeCanceled}";
}

public static class SampleHidden
{
    [Function("Hidden")]
    internal static string Run([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => request.Method;
}

public static class SampleAsyncVoid
{
    [Function("AsyncVoid")]
    public static async void Run([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) =>
        await request.HttpContext.Response.CompleteAsync();
}

public sealed class SampleGeneric<T>
{
    [Function("InGenericClass")]
    public string Run(
        [HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => $"{request.Method} {typeof(T)} {GetHashCode()}";
}

public abstract class SampleAbstract
{
    [Function("InAbstractClass")]
    public string Run([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => $"{request.Method} {GetHashCode()}";
}

public static class SampleBadName
{
    [Function("1st")]
    public static string Run([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => request.Method;
}

public static class SampleNoTrigger
{
    [Function("NoTrigger")]
    public static string Run(HttpRequest request) => request.Method;
}

public static class SampleWrongTrigger
{
    [Function("WrongTrigger")]
    public static string Run([HttpTrigger(AuthorizationLevel.Anonymous)] string request) => request;
}

public static class SampleUnbindable
{
    [Function("Unbindable")]
    public static string Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "unbindable/{id}")] HttpRequest request, int answer) =>
        $"{request.Method} {answer}";
}

public static class SampleReserved
{
    [Function("Reserved")]
    public static string Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "admin/users")] HttpRequest request) => request.Method;
}

public static class SampleBadRoute
{
    [Function("BadRoute")]
    public static string Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "bad/{id")] HttpRequest request) => request.Method;
}

public static class SampleActionResult
{
    [Function("ActionResult")]
    public static Task<Microsoft.AspNetCore.Mvc.IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) =>
        Task.FromResult<Microsoft.AspNetCore.Mvc.IActionResult>(new Microsoft.AspNetCore.Mvc.OkObjectResult(request.Method));
}

public static class SampleNeverDue
{
    [Function("NeverDue")]
    public static bool Run([TimerTrigger("0 0 0 30 2 *")] TimerInfo timer) => timer.IsPastDue;
}

public static class SampleRoot
{
    [Function("Root")]
    public static string Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "")] HttpRequest request) => request.Method;
}

public static class SampleSameRoute
{
    [Function("SameRouteA")]
    public static string One([HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "same")] HttpRequest request) =>
        request.Method;

    [Function("SameRouteB")]
    public static string Two(
        [HttpTrigger(AuthorizationLevel.Anonymous, "POST", Route = "Same")] HttpRequest request) => request.Method;
}

public static class SampleSameName
{
    [Function("Twice")]
    public static string One([HttpTrigger(AuthorizationLevel.Anonymous, Route = "one")] HttpRequest request) => request.Method;

    [Function("twice")]
    public static string Two([HttpTrigger(AuthorizationLevel.Anonymous, Route = "two")] HttpRequest request) => request.Method;
}
