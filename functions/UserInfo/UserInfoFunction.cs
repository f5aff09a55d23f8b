using System.Text.Json.Serialization;
using AuthFunctions.Http;
using AuthFunctions.Protocol;
using AuthFunctions.Sessions;
using AuthFunctions.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.UserInfo;

/// <summary><c>/userinfo</c>: claims about the user by scope (OpenID Connect Core §5.3), read from the rows.</summary>
public sealed class UserInfoFunction(AccessTokenReader tokens, SessionReader sessions, TimeProvider clock)
{
    [Function("UserInfo")]
    public async Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "userinfo")] HttpRequest request, CancellationToken ct)
    {
        var site = request.Site();
        if (await TokenAsync(request, ct) is not { } text)
        {
            // RFC 6750 §3.1: who sent no credentials hears of no error.
            request.HttpContext.Response.Headers.WWWAuthenticate = "Bearer";
            var missing = new Problem(
                401, "invalid_token", "An access token is needed, in the Authorization header or, with POST, in the form; not both.");
            await missing.ExecuteAsync(request.HttpContext);
            return;
        }

        if (await tokens.ReadAsync(text, site, ct) is not AccessTokenReading.Valid({ SessionId: { } sessionId } token)
            || token.Audience != site.Issuer
            || await sessions.FindAsync(token.Subject, sessionId, ct) is not { } found
            || found.WhyDead(clock.GetUtcNow()) is not null)
        {
            await RefuseAsync(
                request.HttpContext,
                new Problem(401, "invalid_token", "An access token of this issuer, for a living session, is needed."),
                "invalid_token");
            return;
        }

        if (!token.Scope.Contains(Scope.OpenId))
        {
            await RefuseAsync(
                request.HttpContext,
                new Problem(403, "insufficient_scope", "The access token needs scope openid."),
                "insufficient_scope");
            return;
        }

        var (user, email, profile) = (found.User, token.Scope.Contains(Scope.Email), token.Scope.Contains(Scope.Profile));
        var claims = new UserInfoBody(user.Id)
        {
            Email = email ? user.Email : null,
            EmailVerified = email ? user.EmailVerified : null,
            Name = profile ? user.DisplayName : null,
        };
        await TypedResults.Json(claims, UserInfoJson.Default.UserInfoBody).ExecuteAsync(request.HttpContext);
    }

    /// <summary>
    /// The token of the header (RFC 6750 §2.1) or of a POSTed form (§2.2); null if there is none, or one in each. Never the query's.
    /// </summary>
    private static async Task<string?> TokenAsync(HttpRequest request, CancellationToken ct)
    {
        var form = HttpMethods.IsPost(request.Method) && request.HasFormContentType ? (await Fields.ReadAsync(request, ct))["access_token"] : null;
        return request.Headers.Authorization.Count == 0 ? form : form is null ? AccessTokenReader.Bearer(request) : null;
    }

    /// <summary>RFC 6750 §3.1.</summary>
    private static Task RefuseAsync(HttpContext http, Problem problem, string error)
    {
        http.Response.Headers.WWWAuthenticate = $"Bearer error=\"{error}\"";
        return problem.ExecuteAsync(http);
    }
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
