using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using AuthFunctions.Protocol;
using AuthFunctions.Sessions;
using Microsoft.AspNetCore.DataProtection;
using Secret = AuthFunctions.Protocol.Secret;

namespace AuthFunctions.Handoff;

/// <summary>A redeemed session that waits for a person to choose between two, as the page that asks carries it.</summary>
/// <param name="UserId">The newcomer.</param>
/// <param name="SessionId">The session that waits.</param>
/// <param name="Nonce">The browser's nonce, from which the session's secrets are derived.</param>
/// <param name="TokenId">The handoff token's identifier.</param>
/// <param name="CurrentId">The session of the person who is signed in: the page asked about nobody else, and in no other browser.</param>
/// <param name="ReturnTo">Where the browser goes then.</param>
public sealed record PendingSwitch(string UserId, SessionId SessionId, Secret Nonce, string TokenId, SessionId CurrentId, string ReturnTo)
{
    /// <summary>True if the browser still is, by its session cookie, who it was when the page asked; or by now the newcomer.</summary>
    public bool IsFor(SessionHandle? here) => here is not null && (here.SessionId == CurrentId || here.SessionId == SessionId);
}

/// <summary>Seals <see cref="PendingSwitch"/> into the page's form, for five minutes.</summary>
public sealed class PendingSwitches(IDataProtectionProvider protection, TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly IDataProtector protector = protection.CreateProtector("handoff switch");

    /// <summary>The form field's value.</summary>
    public string Seal(PendingSwitch pending) => protector.Protect(string.Join('\n',
        (clock.GetUtcNow() + Lifetime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        pending.UserId,
        pending.SessionId.ToString(),
        Base64Url.EncodeToString(pending.Nonce.Bytes),
        pending.TokenId,
        pending.CurrentId.ToString(),
        pending.ReturnTo));

    /// <summary>What was sealed; null if it was not sealed here or is too old.</summary>
    public PendingSwitch? Unseal(string? text)
    {
        try
        {
            var parts = protector.Unprotect(text ?? "").Split('\n', 7);
            return DateTimeOffset.FromUnixTimeSeconds(long.Parse(parts[0], CultureInfo.InvariantCulture)) > clock.GetUtcNow()
                ? new PendingSwitch(
                    parts[1],
                    SessionId.Parse(parts[2]),
                    Secret.From(Base64Url.DecodeFromChars(parts[3])),
                    parts[4],
                    SessionId.Parse(parts[5]),
                    parts[6])
                : null;
        }
        catch (CryptographicException exception) when (OutageException.Behind(exception) is null)
        {
            return null;
        }
    }
}
