using System.Security.Cryptography;
using System.Text.Json;
using AuthFunctions.Protocol;
using Microsoft.AspNetCore.DataProtection;

namespace AuthFunctions.Clients;

/// <summary>
/// Seals authorization requests into URLs of this service's own pages, for an hour: the browser carries them, but can neither read nor change
/// them. Below the features, because the sign-in page has to know where a request that it resumes will lead.
/// </summary>
public sealed class SealedRequests(IDataProtectionProvider protection, TimeProvider clock)
{
    /// <summary>The query parameter that carries one.</summary>
    public const string Parameter = "sealed";

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly IDataProtector protector = protection.CreateProtector("authorization request");

    /// <summary>The parameter's value.</summary>
    public string Seal(AuthorizationRequest request) =>
        protector.Protect(JsonSerializer.Serialize(request, AuthorizationRequestJson.Default.AuthorizationRequest));

    /// <summary>The request; null if it was not sealed here, for another site, or too long ago.</summary>
    public AuthorizationRequest? Unseal(string? text, string site)
    {
        try
        {
            return JsonSerializer.Deserialize(protector.Unprotect(text ?? ""), AuthorizationRequestJson.Default.AuthorizationRequest) is { } request
                && request.Site == site
                && request.RequestedAt + Lifetime > clock.GetUtcNow()
                ? request
                : null;
        }
        catch (CryptographicException exception) when (OutageException.Behind(exception) is null)
        {
            return null;
        }
    }
}
