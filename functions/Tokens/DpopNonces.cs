using System.Globalization;
using System.Security.Cryptography;
using AuthFunctions.Protocol;
using AuthFunctions.Sites;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace AuthFunctions.Tokens;

/// <summary>
/// The nonces of DPoP proofs (RFC 9449 §8): the time they were made at, sealed. Every instance can check them and none has to remember them;
/// that a proof counts once is <see cref="DpopProofStore"/>'s matter.
/// </summary>
public sealed class DpopNonces(IDataProtectionProvider protection, IOptions<DpopOptions> options, TimeProvider clock)
{
    private readonly IDataProtector protector = protection.CreateProtector("DPoP nonce");

    /// <summary>A nonce for this site.</summary>
    public string New(Site site) =>
        protector.CreateProtector(site.Name).Protect(clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));

    /// <summary>True if this site made the nonce, not too long ago.</summary>
    public bool IsFresh(string? nonce, Site site)
    {
        try
        {
            var madeAt = long.Parse(protector.CreateProtector(site.Name).Unprotect(nonce ?? ""), CultureInfo.InvariantCulture);
            return DateTimeOffset.FromUnixTimeSeconds(madeAt) + options.Value.NonceLifetime > clock.GetUtcNow();
        }
        catch (CryptographicException exception) when (OutageException.Behind(exception) is null)
        {
            return false;
        }
    }
}
