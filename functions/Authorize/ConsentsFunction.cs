using System.Text.Json.Serialization;
using AuthFunctions.Tokens;
using AuthFunctions.Users;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Authorize;

/// <summary><c>GET /consents</c>: what the user lets third parties have, newest first.</summary>
public sealed class ConsentsFunction(ActorReader actors, ConsentStore consents)
{
    [Function("Consents")]
    public async Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "consents")] HttpRequest request, CancellationToken ct)
    {
        await (await actors.ForReadAsync(request, ct) switch
        {
            Actor.Present actor =>
                TypedResults.Json(await ListAsync(actor, ct), ConsentsJson.Default.ConsentsAnswer).ExecuteAsync(request.HttpContext),
            Actor.Absent absent => absent.Refusal.ExecuteAsync(request.HttpContext),
            _ => throw new System.Diagnostics.UnreachableException(),
        });
    }

    private async Task<ConsentsAnswer> ListAsync(Actor.Present actor, CancellationToken ct) => new(
    [
        .. (await consents.ListAsync(actor.User.Id, ct)).OrderByDescending(c => c.GivenAt)
            .Select(c => new ConsentBody(c.ClientId, c.Scope.ToString(), c.GivenAt)),
    ]);
}

/// <summary>Answer of <c>GET /consents</c>.</summary>
public sealed record ConsentsAnswer(IReadOnlyList<ConsentBody> Consents);

/// <summary>What a user lets one client have.</summary>
/// <param name="ClientId">The client: what <c>DELETE /consents/{clientId}</c> takes.</param>
/// <param name="Scope">What it may have.</param>
/// <param name="GivenAt">When the user last agreed to more.</param>
public sealed record ConsentBody(string ClientId, string Scope, DateTimeOffset GivenAt);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ConsentsAnswer))]
internal sealed partial class ConsentsJson : JsonSerializerContext;
