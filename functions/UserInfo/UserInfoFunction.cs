using System.Text.Json;
using System.Text.Json.Serialization;
using AuthFunctions.Clients;
using AuthFunctions.Http;
using AuthFunctions.Protocol;
using AuthFunctions.Sessions;
using AuthFunctions.SigningKeys;
using AuthFunctions.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.UserInfo;

/// <summary><c>/userinfo</c>: claims about the user by scope (OpenID Connect Core §5.3), read from the rows.</summary>
public sealed class UserInfoFunction(
    PresentedTokenReader tokens, SessionReader sessions, ClientDirectory clients, KeyRing keys, TimeProvider clock)
{
    [Function("UserInfo")]
    public async Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "userinfo")] HttpRequest request, CancellationToken ct)
    {
        var (token, refusal) = await tokens.ReadAsync(request, await FormTokenAsync(request, ct), ct);
        if (token is null)
        {
            await refusal!.ExecuteAsync(request.HttpContext);
            return;
        }

        if (token.Audience != request.Site().Issuer || token.SessionId is not { } sessionId
            || await sessions.FindAsync(token.UserId!, sessionId, ct) is not { } found
            || found.WhyDead(clock.GetUtcNow()) is not null)
        {
            await Challenge.Refuse(request, OAuthError.InvalidToken("for an API, or its session ended")).ExecuteAsync(request.HttpContext);
            return;
        }

        if (!token.Scope.Contains(Scope.OpenId))
        {
            await Challenge.Refuse(request, OAuthError.InsufficientScope(Scope.OpenId), Scope.OpenId).ExecuteAsync(request.HttpContext);
            return;
        }

        var user = found.User;
        var claims = new UserInfoBody(token.Subject)
        {
            Email = Has("email", Scope.Email) ? user.Email : null,
            EmailVerified = Has("email_verified", Scope.Email) ? user.EmailVerified : null,
            Name = Has("name", Scope.Profile) ? user.DisplayName : null,
        };
        await (clients.Find(request.Site(), token.ClientId) is { SignsUserInfo: true }
            ? TypedResults.Text(await SignAsync(request, token, claims, ct), "application/jwt").ExecuteAsync(request.HttpContext)
            : TypedResults.Json(claims, UserInfoJson.Default.UserInfoBody).ExecuteAsync(request.HttpContext));

        bool Has(string claim, string scope) => token.Scope.Contains(scope) || found.Session.Claims.UserInfo.Contains(claim, StringComparer.Ordinal);
    }

    /// <summary>OpenID Connect Core §5.3.2: signed, it says for whom and by whom.</summary>
    private Task<string> SignAsync(HttpRequest request, AccessToken token, UserInfoBody claims, CancellationToken ct) => keys.SignAsync(
        JwtTypes.UserInfo,
        json =>
        {
            json.WriteString("iss", request.Site().Issuer);
            json.WriteString("aud", token.ClientId);
            foreach (var claim in JsonSerializer.SerializeToElement(claims, UserInfoJson.Default.UserInfoBody).EnumerateObject())
            {
                claim.WriteTo(json);
            }
        },
        ct);

    /// <summary>RFC 6750 §2.2.</summary>
    private static async Task<string?> FormTokenAsync(HttpRequest request, CancellationToken ct) =>
        HttpMethods.IsPost(request.Method) && request.HasFormContentType ? (await Fields.ReadAsync(request, ct))["access_token"] : null;
}

/// <summary>OpenID Connect Core §5.1, as far as it is kept.</summary>
public sealed record UserInfoBody(string Sub)
{
    public string? Email { get; init; }

    public bool? EmailVerified { get; init; }

    public string? Name { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(UserInfoBody))]
internal sealed partial class UserInfoJson : JsonSerializerContext;
