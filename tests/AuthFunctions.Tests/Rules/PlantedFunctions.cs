using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Tests.Rules;

// Functions that only FunctionTests looks at. No host ever runs them.

internal static class Planted
{
    public static Task Answer(params object?[] arguments) => Task.FromResult(arguments.Length);
}

public sealed class PlantedCatchAll
{
    [Function("CatchAll")]
    public Task RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "{*path}")] HttpRequest request, CancellationToken ct) =>
        Planted.Answer(this, request, ct);
}

public sealed class PlantedGood
{
    [Function("Good")]
    public Task RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "good/{id}")] HttpRequest request, string id, CancellationToken ct) =>
        Planted.Answer(this, request, id, ct);
}

public static class PlantedNested
{
    public sealed class Inner
    {
        [Function("Inner")]
        public Task RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "inner")] HttpRequest request, CancellationToken ct) => Planted.Answer(this, request, ct);
    }
}

internal sealed class PlantedInternal
{
    [Function("Internal")]
    public Task RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "internal")] HttpRequest request, CancellationToken ct) =>
        Planted.Answer(this, request, ct);
}

public sealed class PlantedHidden
{
    [Function("Hidden")]
    internal Task RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "hidden")] HttpRequest request, CancellationToken ct) =>
        Planted.Answer(this, request, ct);
}

public sealed class PlantedResult
{
    [Function("Result")]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "result")] HttpRequest request, CancellationToken ct) =>
        Task.FromResult(Results.Ok((this, request.Path, ct)));
}

public sealed class PlantedOtherName
{
    [Function("OtherName")]
    public Task HandleAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "other")] HttpRequest request, CancellationToken ct) =>
        Planted.Answer(this, request, ct);
}

public sealed class PlantedBadName
{
    [Function("1st")]
    public Task RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "first")] HttpRequest request, CancellationToken ct) =>
        Planted.Answer(this, request, ct);
}

public sealed class PlantedWarmup
{
    [Function("Warmup")]
    public Task RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "warmup")] HttpRequest request, CancellationToken ct) =>
        Planted.Answer(this, request, ct);
}

public sealed class PlantedContext
{
    [Function("Context")]
    public Task RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "context")] HttpRequest request, HttpContext http, CancellationToken ct) =>
        Planted.Answer(this, request, http, ct);
}

public sealed class PlantedUncancellable
{
    [Function("Uncancellable")]
    public Task RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "uncancellable")] HttpRequest request) =>
        Planted.Answer(this, request);
}

public sealed class PlantedNoLevel
{
    [Function("NoLevel")]
    public Task RunAsync([HttpTrigger("get", Route = "level")] HttpRequest request, CancellationToken ct) =>
        Planted.Answer(this, request, ct);
}

public sealed class PlantedOtherLevel
{
    [Function("OtherLevel")]
    public Task RunAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "level")] HttpRequest request, CancellationToken ct) =>
        Planted.Answer(this, request, ct);
}

public sealed class PlantedNoRoute
{
    [Function("NoRoute")]
    public Task RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, CancellationToken ct) =>
        Planted.Answer(this, request, ct);
}

public sealed class PlantedReserved
{
    [Function("Reserved")]
    public Task RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "admin/users")] HttpRequest request, CancellationToken ct) =>
        Planted.Answer(this, request, ct);
}

public sealed class PlantedReservedAuth
{
    [Function("ReservedAuth")]
    public Task RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ".auth/me")] HttpRequest request, CancellationToken ct) =>
        Planted.Answer(this, request, ct);
}

public sealed class PlantedConstraint
{
    [Function("Constraint")]
    public Task RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "constraint/{id:guid}")] HttpRequest request, string id, CancellationToken ct) =>
        Planted.Answer(this, request, id, ct);
}

public sealed class PlantedNumber
{
    [Function("Number")]
    public Task RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "number/{id}")] HttpRequest request, int id, CancellationToken ct) =>
        Planted.Answer(this, request, id, ct);
}

public sealed class PlantedMisnamed
{
    [Function("Misnamed")]
    public Task RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "misnamed/{id}")] HttpRequest request, string user, CancellationToken ct) =>
        Planted.Answer(this, request, user, ct);
}

public sealed class PlantedTwo
{
    [Function("TwoA")]
    public Task RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "two/a")] HttpRequest request, CancellationToken ct) => Planted.Answer(this, request, ct);

    [Function("TwoB")]
    public Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "two/{id}")] HttpRequest request, string id, CancellationToken ct) =>
        Planted.Answer(this, request, id, ct);
}

public sealed class PlantedTwin
{
    [Function("good")]
    public Task RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "twin")] HttpRequest request, CancellationToken ct) =>
        Planted.Answer(this, request, ct);
}

public sealed class PlantedSecondCatchAll
{
    [Function("SecondCatchAll")]
    public Task RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "{*path}")] HttpRequest request, CancellationToken ct) =>
        Planted.Answer(this, request, ct);
}
