using System.Text.Json.Serialization;
using AuthFunctions.Clients;
using AuthFunctions.Http;
using AuthFunctions.Protocol;
using AuthFunctions.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Authorize;

/// <summary>
/// <c>POST /par</c>: pushed authorization requests (RFC 9126). The request is checked here as it would be at <c>/authorize</c>; a DPoP proof
/// binds its code to the key (RFC 9449 §10.1).
/// </summary>
public sealed class ParFunction(
    OAuthEndpoint endpoint, AuthorizationRequestReader reader, DpopProofReader proofs, SealedRequests sealedRequests, PushedRequestStore pushed)
{
    [Function("Par")]
    public Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "par")] HttpRequest request, CancellationToken ct) =>
        endpoint.RespondAsync(request, async asked => await reader.ReadAsync(asked.Form, asked.Site, ct) switch
        {
            _ when asked.Form["request_uri"] is not null =>
                new OAuthErrorResult(OAuthError.InvalidRequest("request_uri cannot be pushed (RFC 9126 §2.1)")),
            AuthorizationRequestReading.Valid(var valid, var client) when client.ClientId == asked.Client.ClientId =>
                await PushAsync(request, valid, ct),
            AuthorizationRequestReading.Valid => new OAuthErrorResult(OAuthError.InvalidRequest("client_id is not the authenticated client")),
            AuthorizationRequestReading.Faulty(_, _, _, var error) => new OAuthErrorResult(error),
            AuthorizationRequestReading.Untrusted(var problem) => new OAuthErrorResult(
                new OAuthError(problem.Code, problem.Detail, problem.Reason ?? problem.Detail)),
            _ => throw new System.Diagnostics.UnreachableException(),
        }, ct);

    private async Task<IResult> PushAsync(HttpRequest request, AuthorizationRequest valid, CancellationToken ct)
    {
        switch (await proofs.ReadAsync(request, null, ct))
        {
            case DpopReading.Refused(var error):
                return new OAuthErrorResult(error);

            case DpopReading.Proven(var key) when valid.DpopKey is not null && valid.DpopKey != key:
                return new OAuthErrorResult(OAuthError.InvalidDpopProof("dpop_jkt is another key's"));

            case DpopReading.Proven(var key):
                valid = valid with { DpopKey = key };
                break;
        }

        var handle = await pushed.AddAsync(valid.Site, valid.ClientId, sealedRequests.Seal(valid), ct);
        var body = new ParResponse(handle.WriteUri(), (int)PushedRequestStore.Lifetime.TotalSeconds);
        return TypedResults.Json(body, ParJson.Default.ParResponse, statusCode: StatusCodes.Status201Created);
    }
}

/// <summary>RFC 9126 §2.2.</summary>
public sealed record ParResponse(string RequestUri, int ExpiresIn);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ParResponse))]
internal sealed partial class ParJson : JsonSerializerContext;
