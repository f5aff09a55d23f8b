using System.Net;
using Microsoft.IdentityModel.Tokens;

namespace AuthFunctions.Clients;

/// <summary>Fetches a client's key set (RFC 7517 §5) from its <c>jwks_uri</c>, in two seconds and as <see cref="ClientHttp"/> allows.</summary>
public sealed class JwksFetcher(ClientHttp http)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>The public keys, or why there are none to be had.</summary>
    /// <remarks>Not cancelled with the request that asked: others wait for the same keys, and it ends in two seconds anyway.</remarks>
    public async Task<(IReadOnlyList<SecurityKey>? Keys, string? Fault)> FetchAsync(Uri uri)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        var answer = await http.SendAsync(request, Patience, CancellationToken.None);
        if (answer.Status != HttpStatusCode.OK)
        {
            return (null, answer.Fault ?? $"status {(int)answer.Status!}");
        }

        try
        {
            return ([.. new JsonWebKeySet(answer.Body).GetSigningKeys().Where(k => k is not SymmetricSecurityKey)], null);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            // No key set.
            return (null, exception.InnerException?.GetType().Name ?? exception.GetType().Name);
        }
    }
}
