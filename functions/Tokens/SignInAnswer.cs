using System.Text.Json.Serialization;
using AuthFunctions.Sessions;
using AuthFunctions.Sites;
using AuthFunctions.Users;
using Microsoft.AspNetCore.Http;

namespace AuthFunctions.Tokens;

/// <summary>The user of a session, as first-party endpoints show it.</summary>
public sealed record UserBody(string Id, string? Email, string? Name)
{
    /// <summary>From the row.</summary>
    public static UserBody Of(UserRow user) => new(user.Id, user.Email, user.DisplayName);
}

/// <summary>A session, as first-party endpoints show it. Times are RFC 3339.</summary>
public sealed record SessionBody(string Id, string Site, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>From the row.</summary>
    public static SessionBody Of(SessionRow session) => new(session.Id.ToString(), session.Site, session.CreatedAt, session.AbsoluteExpiresAt);
}

/// <summary>Answer to a sign-in or refresh. With cookies the three last members are absent.</summary>
public sealed record SignInBody(UserBody User, SessionBody Session, string? IdToken, int ExpiresIn)
{
    /// <summary>The access token, for body transport only.</summary>
    public string? AccessToken { get; init; }

    /// <summary>The refresh token, for body transport only.</summary>
    public string? RefreshToken { get; init; }

    /// <summary><c>Bearer</c> (RFC 6750), for body transport only.</summary>
    public string? TokenType { get; init; }
}

/// <summary>Answers sign-ins and refreshes: tokens go into cookies or into the body, never both.</summary>
public sealed class SignInAnswer(TimeProvider clock)
{
    /// <summary>Answers a session that just began.</summary>
    public Task WriteAsync(HttpContext http, Site site, UserRow user, NewSession session, SessionTokens tokens, Transport transport, int status)
    {
        if (transport == Transport.Body)
        {
            return WriteAsync(
                http, WithTokens(Body(user, session.Row, tokens), tokens, RefreshHandle.Issue(session.Row, 0, session.Secrets.Refresh!)), status);
        }

        SessionCookie.WriteNew(http, site, session, tokens.AccessToken, clock);
        return WriteAsync(http, Body(user, session.Row, tokens), status);
    }

    /// <summary>Answers a refresh.</summary>
    public Task WriteAsync(HttpContext http, Site site, Refresh.Done refresh, Transport transport)
    {
        var body = Body(refresh.User, refresh.Session, refresh.Tokens);
        if (transport == Transport.Body)
        {
            return WriteAsync(http, WithTokens(body, refresh.Tokens, refresh.RefreshToken!), StatusCodes.Status200OK);
        }

        SessionCookie.WriteAccessToken(http, site, refresh.Session, refresh.Tokens.AccessToken, clock);
        if (refresh.RefreshToken is { } refreshToken)
        {
            SessionCookie.WriteRefresh(http, refresh.Session, refreshToken, clock);
        }

        return WriteAsync(http, body, StatusCodes.Status200OK);
    }

    private static SignInBody Body(UserRow user, SessionRow session, SessionTokens tokens) =>
        new(UserBody.Of(user), SessionBody.Of(session), tokens.IdToken, tokens.ExpiresInSeconds);

    private static SignInBody WithTokens(SignInBody body, SessionTokens tokens, RefreshHandle refreshToken) =>
        body with { AccessToken = tokens.AccessToken, RefreshToken = refreshToken.Write(), TokenType = "Bearer" };

    private static Task WriteAsync(HttpContext http, SignInBody body, int status) =>
        TypedResults.Json(body, TokensJson.Default.SignInBody, statusCode: status).ExecuteAsync(http);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SignInBody))]
[JsonSerializable(typeof(TokenResponse))]
[JsonSerializable(typeof(IntrospectionResponse))]
[JsonSerializable(typeof(ActClaim))]
internal sealed partial class TokensJson : JsonSerializerContext;
