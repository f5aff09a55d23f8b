using System.Text.Json.Serialization;
using AuthFunctions.Http;
using AuthFunctions.Protocol;
using AuthFunctions.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Device;

/// <summary><c>POST /device_authorization</c>: a device without a browser asks to be let in (RFC 8628 §3.1).</summary>
public sealed class DeviceAuthorizationFunction(OAuthEndpoint endpoint, DeviceCodeStore codes, TimeProvider clock)
{
    /// <summary>How long a person has to answer.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>Time between two polls, as RFC 8628 §3.2 has it by default.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private const int MaxTries = 10;

    [Function("DeviceAuthorization")]
    public Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "device_authorization")] HttpRequest request, CancellationToken ct) =>
        endpoint.RespondAsync(request, asked => AnswerAsync(asked, ct), ct);

    private async Task<IResult> AnswerAsync(GrantRequest asked, CancellationToken ct)
    {
        if (!asked.Client.GrantTypes.Contains(GrantTypes.DeviceCode, StringComparer.Ordinal))
        {
            return new OAuthErrorResult(OAuthError.UnauthorizedClient("device_code is not registered for the client"));
        }

        if (!Scope.TryParse(asked.Form["scope"], out var scope) || !scope.IsWithin(asked.Client.Scopes))
        {
            return new OAuthErrorResult(OAuthError.InvalidScope("malformed, or not this client's"));
        }

        var (resource, fault) = ResourceParameter.Read(asked.Form, asked.Client);
        return fault is not null ? new OAuthErrorResult(fault) : await AddAsync(asked, scope, resource, ct);
    }

    private async Task<IResult> AddAsync(GrantRequest asked, Scope scope, string? resource, CancellationToken ct)
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var handle = new DeviceCodeHandle(UserCode.New(), Secret.New());
            var code = new DeviceCodeRow
            {
                UserCode = handle.UserCode,
                SecretHash = handle.Secret.Hash(),
                Site = asked.Site.Name,
                ClientId = asked.Client.ClientId,
                Scope = scope,
                Resource = resource,
                ExpiresAt = clock.GetUtcNow() + Lifetime,
                Interval = Interval,
            };
            if (await codes.TryAddAsync(code, ct))
            {
                var page = asked.Site.Issuer + "/device";
                var userCode = handle.UserCode.ToString();
                var body = new DeviceAuthorizationResponse(
                    handle.Write(), userCode, page, QueryHelpers.AddQueryString(page, "user_code", userCode),
                    (int)Lifetime.TotalSeconds, (int)Interval.TotalSeconds);
                return TypedResults.Json(body, DeviceJson.Default.DeviceAuthorizationResponse);
            }
        }

        throw new OutageException("table DeviceCodes");
    }
}

/// <summary>RFC 8628 §3.2.</summary>
public sealed record DeviceAuthorizationResponse(
    string DeviceCode, string UserCode, string VerificationUri, string VerificationUriComplete, int ExpiresIn, int Interval);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DeviceAuthorizationResponse))]
internal sealed partial class DeviceJson : JsonSerializerContext;
