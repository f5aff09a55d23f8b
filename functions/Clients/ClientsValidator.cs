using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AuthFunctions.Protocol;
using AuthFunctions.Sites;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace AuthFunctions.Clients;

/// <summary>Reports every fault of the <c>Clients</c> section at once; the host then refuses to start.</summary>
/// <remarks>
/// Sites and resources are bound here once more: their <see cref="IOptions{T}"/> would throw for a fault of their own, and the clients' would not
/// be told.
/// </remarks>
public sealed class ClientsValidator(
    IHostEnvironment environment, IEnumerable<IConfigureOptions<SitesOptions>> sites, IEnumerable<IConfigureOptions<ResourcesOptions>> resources)
    : IValidateOptions<ClientsOptions>
{
    /// <summary>Whoever ends a session writes what each of them is to be told in the same transaction, which takes 100 operations.</summary>
    private const int MaxBackchannelLogouts = 40;

    private static readonly string[] KnownGrants = 
    [
        GrantTypes.AuthorizationCode, GrantTypes.RefreshToken, GrantTypes.ClientCredentials, GrantTypes.DeviceCode,
        GrantTypes.TokenExchange, GrantTypes.JwtBearer,
    ];

    private static readonly string[] ConfidentialGrants = [GrantTypes.ClientCredentials, GrantTypes.TokenExchange, GrantTypes.JwtBearer];

    private readonly SitesOptions sites = Bound(sites);
    private readonly ResourcesOptions resources = Bound(resources);

    /// <summary>Secrets that the local sample prints in the README; whoever deploys them has no secret.</summary>
    private static readonly string[] DemoSecretHashes =
    [
        .. new[] { "demo-web-secret", "demo-machine-secret", "demo-operator-secret" }
            .Select(secret => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(secret)))),
    ];

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, ClientsOptions options)
    {
        var faults = options.SelectMany((client, index) => Faults($"Clients:{index} ({client.ClientId})", client)).ToList();
        faults.AddRange(options.GroupBy(c => c.ClientId, StringComparer.Ordinal).Where(g => g.Count() > 1)
            .Select(g => $"Clients: '{g.Key}' is registered {g.Count()} times."));
        faults.AddRange(
            from client in options
            from redeemer in client.HandsOffTo
            where !options.Any(c => c.ClientId == redeemer && c.GrantTypes.Contains(GrantTypes.JwtBearer))
            select $"Clients ({client.ClientId}):HandsOffTo must name clients with the grant type {GrantTypes.JwtBearer}, but has '{redeemer}'.");
        // An assertion names the user as its redeemer knows them, and whoever hands it on reads it.
        faults.AddRange(
            from client in options
            where client.SubjectType == SubjectType.Pairwise
            from redeemer in client.HandsOffTo
            where options.Any(c => c.ClientId == redeemer && c.SubjectType == SubjectType.Public)
            select $"Clients ({client.ClientId}):HandsOffTo of a pairwise client must name pairwise clients, but has '{redeemer}'.");

        if (options.Count(c => c.BackchannelLogoutUri is not null) is > MaxBackchannelLogouts and var told)
        {
            faults.Add($"Clients: at most {MaxBackchannelLogouts} may have a BackchannelLogoutUri, but {told} have.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private IEnumerable<string> Faults(string at, ClientOptions client)
    {
        if (client.ClientId.Length is 0 or > 64 || !Scope.IsToken(client.ClientId))
        {
            yield return $"{at}:ClientId must be 1 to 64 printable ASCII characters.";
        }

        // An access token names its client and its audience; a client of such a name could pass for what it is not.
        if (client.ClientId == ClientIds.FirstParty || sites.Values.Any(s => s.Issuer == client.ClientId || s.Resource == client.ClientId)
            || resources.Values.Any(r => r.Audience == client.ClientId))
        {
            yield return $"{at}:ClientId is reserved: it names first-party sessions, an issuer or a resource.";
        }

        foreach (var site in client.Sites.DefaultIfEmpty("").Where(site => !sites.ContainsKey(site)))
        {
            yield return $"{at}:Sites must name sites of this deployment, but has '{site}'.";
        }

        foreach (var hash in client.SecretHashes)
        {
            if (!Base64Url.IsValid(hash, out var length) || length != SHA256.HashSizeInBytes)
            {
                yield return $"{at}:SecretHashes must be base64url SHA-256 hashes, 43 characters each; one is not.";
            }
            else if (!environment.IsDevelopment() && DemoSecretHashes.Contains(hash, StringComparer.Ordinal))
            {
                yield return $"{at}:SecretHashes has a demo secret, which everybody knows; make one of your own.";
            }
        }

        if (client.Jwks is { Length: > 0 } jwks && JwksFault(jwks) is { } fault)
        {
            yield return $"{at}:Jwks {fault}";
        }

        if (client.JwksUri is { } uri
            && (!uri.IsAbsoluteUri || uri.Scheme != Uri.UriSchemeHttps || uri.UserInfo.Length > 0 || uri.Fragment.Length > 0))
        {
            yield return $"{at}:JwksUri must be an absolute https URL without user and fragment, but is '{uri}'.";
        }

        if (client.JwksUri is not null && client.Jwks is not null)
        {
            yield return $"{at}: Jwks and JwksUri exclude each other (RFC 7591 §2); set one.";
        }

        if (client.RequireSignedRequestObject && client.Jwks is null && client.JwksUri is null)
        {
            yield return $"{at}:RequireSignedRequestObject needs keys to check the signature with; set Jwks or JwksUri.";
        }

        if (client.UserinfoSignedResponseAlg is not (null or "ES256"))
        {
            yield return $"{at}:UserinfoSignedResponseAlg may be ES256, but is '{client.UserinfoSignedResponseAlg}'.";
        }

        if (client.SectorIdentifier is { } sector && Uri.CheckHostName(sector) != UriHostNameType.Dns)
        {
            yield return $"{at}:SectorIdentifier must be a host name, but is '{sector}'.";
        }

        if (client is { SubjectType: SubjectType.Pairwise, SectorIdentifier: null }
            && client.RedirectUris.Select(u => Uri.TryCreate(u, UriKind.Absolute, out var parsed) ? parsed.Host : "")
                .Distinct(StringComparer.OrdinalIgnoreCase).ToList() is not [{ Length: > 0 }])
        {
            yield return $"{at}:SectorIdentifier is needed: the redirect URIs have not one host in common (OpenID Connect Core §8.1).";
        }

        foreach (var grant in client.GrantTypes.Except(KnownGrants, StringComparer.Ordinal))
        {
            yield return $"{at}:GrantTypes may have {string.Join(" and ", KnownGrants)}, but has '{grant}'.";
        }

        foreach (var grant in client.GrantTypes.Intersect(ConfidentialGrants, StringComparer.Ordinal))
        {
            if (client.SecretHashes.Count == 0 && client.Jwks is null && client.JwksUri is null)
            {
                yield return $"{at}: {grant} is for confidential clients (docs/grants.md); set SecretHashes, Jwks or JwksUri.";
            }
        }

        if (!client.GrantTypes.Contains(GrantTypes.TokenExchange)
            && (client.ExchangeAudiences.Count > 0 || client.ExchangesWithoutActor || client.HandsOffTo.Count > 0))
        {
            yield return $"{at}: ExchangeAudiences, ExchangesWithoutActor and HandsOffTo say nothing without the grant type "
                + $"{GrantTypes.TokenExchange}; add it.";
        }

        foreach (var scope in client.Scopes.Where(scope => !Scope.IsToken(scope)))
        {
            yield return $"{at}:Scopes has '{scope}', which is no scope value (RFC 6749 §3.3).";
        }

        foreach (var audience in client.Resources.Concat(client.ExchangeAudiences).Append(client.ResourceServer ?? "")
            .Where(a => a.Length > 0 && !IsDeclared(a)))
        {
            yield return $"{at}: Resources, ExchangeAudiences and ResourceServer must be declared under Resources, but '{audience}' is not.";
        }

        // On Linux a path alone is an absolute file: URI.
        foreach (var text in client.RedirectUris.Concat(client.PostLogoutRedirectUris).Where(
            uri => !Uri.TryCreate(uri, UriKind.Absolute, out var parsed) || parsed.IsFile || parsed.Fragment.Length > 0))
        {
            yield return $"{at}:RedirectUris and PostLogoutRedirectUris must be absolute, without fragment (RFC 6749 §3.1.2), but one is '{text}'.";
        }

        foreach (var text in client.RedirectUris.Concat(client.PostLogoutRedirectUris).Where(IsUnsafe))
        {
            yield return $"{at}:RedirectUris and PostLogoutRedirectUris must be https, http on 127.0.0.1 or [::1], "
                + $"or of an app's own scheme with a dot in it (RFC 8252 §7.1), but one is '{text}'.";
        }

        if (client.BackchannelLogoutUri is { } logout
            && (!logout.IsAbsoluteUri || logout.UserInfo.Length > 0 || logout.Fragment.Length > 0
                || !(logout.Scheme == Uri.UriSchemeHttps
                    || (environment.IsDevelopment() && logout is { Scheme: "http", IsLoopback: true }))))
        {
            yield return $"{at}:BackchannelLogoutUri must be an absolute https URL without user and fragment, but is '{logout}'.";
        }

        foreach (var life in new[] { client.IdleLifetime, client.AbsoluteLifetime })
        {
            if (life < TimeSpan.FromHours(1) || life > TimeSpan.FromDays(365))
            {
                yield return $"{at}: lifetimes must be 1 hour to 365 days, but one is {life}.";
            }
        }
    }

    private bool IsDeclared(string audience) => resources.Values.Any(r => r.Audience == audience);

    private static T Bound<T>(IEnumerable<IConfigureOptions<T>> configures)
        where T : class, new()
    {
        var options = new T();
        foreach (var configure in configures)
        {
            configure.Configure(options);
        }

        return options;
    }

    /// <summary>
    /// Plain http shows the code to the network (RFC 9700 §2.6). A scheme of an app's own is its maker's domain in reverse (RFC 8252 §8.4): one
    /// without a dot is anybody's, or runs what follows as a script.
    /// </summary>
    private bool IsUnsafe(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp
            ? !environment.IsDevelopment() && uri.Host is not ("127.0.0.1" or "[::1]")
            : uri.Scheme != Uri.UriSchemeHttps && !uri.Scheme.Contains('.', StringComparison.Ordinal));

    private static string? JwksFault(string jwks)
    {
        try
        {
            var keys = new JsonWebKeySet(jwks);
            return keys.Keys.Count == 0 ? "has no key."
                : keys.Keys.Any(k => k.HasPrivateKey || k.Kty == "oct") ? "must hold public keys only; one is private or symmetric."
                : null;
        }
        catch (ArgumentException)
        {
            return "is not a JSON Web Key Set.";
        }
    }
}
