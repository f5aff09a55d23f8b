using System.Net;
using System.Security.Cryptography;
using System.Text;
using AuthFunctions.Http;
using AuthFunctions.Protocol;
using AuthFunctions.Sites;
using Microsoft.AspNetCore.Http;

namespace AuthFunctions.Clients;

/// <summary>Whether a client has proven itself.</summary>
public abstract record ClientAuthentication
{
    private ClientAuthentication()
    {
    }

    /// <summary>It is this client. A public client has nothing to prove itself by (RFC 6749 §2.1) and merely names itself.</summary>
    public sealed record Authenticated(OAuthClient Client) : ClientAuthentication;

    /// <summary>It is not.</summary>
    public sealed record Refused(OAuthError Error) : ClientAuthentication;
}

/// <summary>
/// Client authentication (RFC 6749 §2.3): <c>client_secret_basic</c>, <c>client_secret_post</c>, <c>private_key_jwt</c>, and
/// <c>none</c> for public clients.
/// </summary>
public sealed class ClientAuthenticator(ClientDirectory clients, ClientAssertionValidator assertions)
{
    /// <summary>Finds out which client sent the form, and whether it is.</summary>
    public async Task<ClientAuthentication> AuthenticateAsync(HttpRequest request, Fields form, Site site, CancellationToken ct)
    {
        var basic = request.Headers.Authorization is [{ } header] && header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase)
            ? ReadBasic(header[6..])
            : null;
        var (secret, assertion) = (form["client_secret"], form["client_assertion"]);

        // RFC 6749 §2.3: not more than one method in each request.
        if ((request.Headers.Authorization.Count > 0 ? 1 : 0) + (secret is null ? 0 : 1) + (assertion is null ? 0 : 1) > 1)
        {
            return Refuse(OAuthError.InvalidRequest("more than one way of client authentication"));
        }

        if (request.Headers.Authorization.Count > 0)
        {
            return basic is not { } credentials || (form["client_id"] is { } named && named != credentials.ClientId)
                ? Refuse(OAuthError.InvalidClient("malformed Authorization header, or another client_id in the body"))
                : BySecret(clients.Find(site, credentials.ClientId), credentials.Secret);
        }

        if (assertion is not null)
        {
            return form["client_assertion_type"] == ClientAssertionValidator.AssertionType
                ? await ByAssertionAsync(form["client_id"], assertion, site, ct)
                : Refuse(OAuthError.InvalidRequest("unknown client_assertion_type"));
        }

        var client = clients.Find(site, form["client_id"]);
        if (secret is not null)
        {
            return BySecret(client, secret);
        }

        return client is null ? Refuse(OAuthError.InvalidClient("unknown client"))
            : client.IsConfidential ? Refuse(OAuthError.InvalidClient("a confidential client must authenticate"))
            : new ClientAuthentication.Authenticated(client);
    }

    private static ClientAuthentication BySecret(OAuthClient? client, string secret)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(secret));
        return client is not null && client.SecretHashes.Any(known => CryptographicOperations.FixedTimeEquals(known, hash))
            ? new ClientAuthentication.Authenticated(client)
            : Refuse(OAuthError.InvalidClient(client is null ? "unknown client" : "wrong secret"));
    }

    private async Task<ClientAuthentication> ByAssertionAsync(string? named, string assertion, Site site, CancellationToken ct)
    {
        var claimed = ClientAssertionValidator.SubjectOf(assertion);
        if (clients.Find(site, claimed) is not { HasKeys: true } client || (named is not null && named != claimed))
        {
            return Refuse(OAuthError.InvalidClient("assertion of an unknown client, or of another than client_id"));
        }

        return await assertions.FaultAsync(assertion, client, site, ct) is { } fault
            ? Refuse(OAuthError.InvalidClient(fault))
            : new ClientAuthentication.Authenticated(client);
    }

    /// <summary>RFC 6749 §2.3.1: both parts are form-urlencoded before they are joined and base64-encoded.</summary>
    private static (string ClientId, string Secret)? ReadBasic(string encoded)
    {
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded.Trim(), bytes, out var length))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : (WebUtility.UrlDecode(text[..colon]), WebUtility.UrlDecode(text[(colon + 1)..]));
    }

    private static ClientAuthentication.Refused Refuse(OAuthError error) => new(error);
}
