using System.Text.Json;
using AuthFunctions.Protocol;
using AuthFunctions.Sites;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AuthFunctions.Tokens;

/// <summary>Reads access tokens that this site issued, without asking storage.</summary>
public sealed class AccessTokenReader(JwtVerifier verifier, Pseudonyms pseudonyms, TimeProvider clock)
{
    /// <summary>What the text is.</summary>
    public async Task<AccessTokenReading> ReadAsync(string? text, Site site, CancellationToken ct)
    {
        var (token, fault) = await verifier.VerifyAsync(text, JwtTypes.AccessToken, site, ct);
        if (token is null)
        {
            return new AccessTokenReading.Invalid("access token: " + fault);
        }

        if (await ClaimsAsync(token, site, ct) is not { } claims)
        {
            return new AccessTokenReading.Invalid("access token: claims are missing");
        }

        return claims.ExpiresAt > clock.GetUtcNow() ? new AccessTokenReading.Valid(claims) : new AccessTokenReading.Expired(claims);
    }

    /// <summary>The token of an <c>Authorization: Bearer</c> header (RFC 6750 §2.1), or null.</summary>
    public static string? Bearer(HttpRequest request) =>
        request.Headers.Authorization is [{ } header] && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim() : null;

    private async Task<AccessToken?> ClaimsAsync(JsonWebToken token, Site site, CancellationToken ct)
    {
        var (sid, client) = (Text(token, JwtRegisteredClaimNames.Sid), Text(token, TokenClaims.ClientId));
        var found = sid is null ? null : await pseudonyms.FindAsync(site, client ?? "", token.Subject ?? "", sid, ct);
        if (sid is not null && found is null)
        {
            return null;
        }

        token.TryGetPayloadValue<JsonElement>(TokenClaims.Confirmation, out var confirmation);

        // RFC 9068 §2.2: these are required.
        return token.Audiences.ToList() is [var audience]
            && token.Subject is { Length: > 0 } subject
            && client is { } clientId
            && Text(token, JwtRegisteredClaimNames.Jti) is { } jti
            && Time(token, JwtRegisteredClaimNames.Iat) is { } issuedAt
            && Time(token, JwtRegisteredClaimNames.Exp) is { } expiresAt
            && Scope.TryParse(Text(token, TokenClaims.Scope), out var scope)
            ? new AccessToken
            {
                Subject = subject,
                Audience = audience,
                ClientId = clientId,
                Scope = scope,
                TokenId = jti,
                IssuedAt = issuedAt,
                ExpiresAt = expiresAt,
                UserId = found?.UserId,
                Sid = sid,
                SessionId = found?.SessionId,
                SessionCreatedAt = Time(token, TokenClaims.SessionCreatedAt),
                SessionExpiresAt = Time(token, TokenClaims.SessionExpiresAt),
                Act = token.TryGetPayloadValue<JsonElement>(ActClaim.Name, out var act) ? act.Deserialize(TokensJson.Default.ActClaim) : null,
                Email = Text(token, JwtRegisteredClaimNames.Email),
                Name = Text(token, JwtRegisteredClaimNames.Name),
                AuthTime = Time(token, JwtRegisteredClaimNames.AuthTime),
                Acr = Text(token, JwtRegisteredClaimNames.Acr),
                DpopKey = confirmation.ValueKind == JsonValueKind.Object ? Jwk.Text(confirmation, TokenClaims.KeyThumbprint) : null,
            }
            : null;
    }

    private static string? Text(JsonWebToken token, string claim) => token.TryGetPayloadValue<string>(claim, out var value) ? value : null;

    private static DateTimeOffset? Time(JsonWebToken token, string claim) =>
        token.TryGetPayloadValue<long>(claim, out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
}
