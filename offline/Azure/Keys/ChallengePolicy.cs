using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Security.KeyVault.Keys;

/// <summary>
/// Learns from the vault for what a token is to be asked. The first request to a vault goes out with neither token nor body; the
/// challenge in its refusal is kept per host for as long as the process lives. The base class keeps tokens, and refuses http.
/// </summary>
/// <remarks>Asynchronous only, as are the clients.</remarks>
internal sealed partial class ChallengePolicy(TokenCredential credential, bool verifyResource)
    : BearerTokenAuthenticationPolicy(credential, [])
{
    private const string HeldContent = "Azure.Security.KeyVault.Keys.HeldContent";

    private static readonly ConcurrentDictionary<string, Challenge> Known = new(StringComparer.OrdinalIgnoreCase);

    protected override ValueTask AuthorizeRequestAsync(HttpMessage message)
    {
        if (Known.TryGetValue(Authority(message), out var challenge))
        {
            return AuthenticateAndAuthorizeRequestAsync(message, challenge.Context(message));
        }

        // Held back until it is known to whom it goes. On a retry it has been held back already.
        if (message.Request.Content is { } content)
        {
            message.SetProperty(HeldContent, content);
            message.Request.Content = null;
        }

        return ValueTask.CompletedTask;
    }

    protected override async ValueTask<bool> AuthorizeRequestOnChallengeAsync(HttpMessage message)
    {
        if (message.Request.Content is null && message.TryGetProperty(HeldContent, out var content))
        {
            message.Request.Content = (RequestContent)content;
        }

        if (Read(message) is not { } challenge)
        {
            return false;
        }

        Known[Authority(message)] = challenge;
        await AuthenticateAndAuthorizeRequestAsync(message, challenge.Context(message)).ConfigureAwait(false);
        return true;
    }

    private static string Authority(HttpMessage message) => FormattableString.Invariant($"{message.Request.Uri.Host}:{message.Request.Uri.Port}");

    private Challenge Read(HttpMessage message)
    {
        if (!message.Response.Headers.TryGetValue("WWW-Authenticate", out var header)
            || !header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (Match match in Parameter().Matches(header))
        {
            parameters.TryAdd(match.Groups[1].Value, match.Groups[2].Value);
        }

        var resource = parameters.GetValueOrDefault("resource");
        var scope = parameters.GetValueOrDefault("scope") ?? (resource is null ? null : resource + "/.default");
        if (scope is null)
        {
            return null;
        }

        if (verifyResource)
        {
            Verify(message.Request.Uri.Host, scope);
        }

        var authority = parameters.GetValueOrDefault("authorization") ?? parameters.GetValueOrDefault("authorization_uri");
        return Uri.TryCreate(authority, UriKind.Absolute, out var login)
            ? new Challenge(scope, login.Segments.ElementAtOrDefault(1)?.Trim('/'))
            : throw new UriFormatException($"The challenge authorization URI '{authority}' is invalid.");
    }

    // A host that merely claims to be a vault would otherwise be handed a token that real vaults take.
    private static void Verify(string host, string scope)
    {
        if (!Uri.TryCreate(scope, UriKind.Absolute, out var resource))
        {
            throw new InvalidOperationException($"The challenge contains invalid scope '{scope}'.");
        }

        if (!host.EndsWith("." + resource.Host, StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidOperationException(
                $"The challenge resource '{resource.Host}' does not match the requested domain. "
                + "Set DisableChallengeResourceVerification to true in your client options to disable.");
        }
    }

    [GeneratedRegex("([A-Za-z_]+)\\s*=\\s*\"([^\"]*)\"")]
    private static partial Regex Parameter();

    private sealed record Challenge(string Scope, string Tenant)
    {
        public TokenRequestContext Context(HttpMessage message) =>
            new([Scope], message.Request.ClientRequestId, claims: null, tenantId: Tenant);
    }
}
