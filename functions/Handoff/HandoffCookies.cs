using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using AuthFunctions.Protocol;
using AuthFunctions.Sessions;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Secret = AuthFunctions.Protocol.Secret;

namespace AuthFunctions.Handoff;

/// <summary>One handoff under way, as the browser at the target keeps it, sealed.</summary>
/// <param name="Nonce">What binds the handoff to this browser: only its hash ever leaves the cookie.</param>
/// <param name="From">The source site's name.</param>
/// <param name="ReturnTo">Where the browser goes in the end; checked when it was sealed.</param>
/// <param name="ExpiresAt">When the handoff is given up.</param>
public sealed record HandoffState(Secret Nonce, string From, string ReturnTo, DateTimeOffset ExpiresAt)
{
    /// <summary>base64url SHA-256 of the nonce: <c>nonce_hash</c> in the URL, <c>nonce</c> in the token.</summary>
    public string NonceHash => Base64Url.EncodeToString(Nonce.Hash());
}

/// <summary>The cookies of handoffs under way, at most four at once, so that tabs do not get in each other's way.</summary>
public sealed class HandoffCookies(IDataProtectionProvider protection, TimeProvider clock)
{
    /// <summary>How long a handoff may take.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(2);

    /// <summary>Longest return URL: sealed and encoded, a longer one would not fit into a cookie's 4096 bytes.</summary>
    public const int MaxReturnTo = 2000;

    private const int MaxAtOnce = 4;

    private readonly IDataProtector protector = protection.CreateProtector("handoff");

    /// <summary>Begins a handoff in this browser.</summary>
    public HandoffState Start(HttpRequest request, string from, string returnTo)
    {
        // Of those begun in one second the browser sends the older first (RFC 6265 §5.4), and the order is stable.
        var underWay = SessionCookie.ReadHandoffs(request).Reverse()
            .OrderByDescending(c => Unseal(c.Value)?.ExpiresAt ?? DateTimeOffset.MinValue);
        foreach (var (name, _) in underWay.Skip(MaxAtOnce - 1))
        {
            SessionCookie.DeleteHandoffNamed(request.HttpContext, name);
        }

        var state = new HandoffState(Secret.New(), from, returnTo, clock.GetUtcNow() + Lifetime);
        SessionCookie.WriteHandoff(request.HttpContext, state.NonceHash, Seal(state), Lifetime);
        return state;
    }

    /// <summary>The handoff of this browser whose nonce has that hash, or null if there is none.</summary>
    public HandoffState? Find(HttpRequest request, string? nonceHash) =>
        IsNonceHash(nonceHash)
        && SessionCookie.ReadHandoff(request, nonceHash) is { } cookie
        && Unseal(cookie) is { } state
        && state.ExpiresAt > clock.GetUtcNow()
        && CryptographicOperations.FixedTimeEquals(state.Nonce.Hash(), Base64Url.DecodeFromChars(nonceHash))
            ? state
            : null;

    /// <summary>True if the text can be the hash of a nonce: 32 bytes in their one spelling.</summary>
    public static bool IsNonceHash([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] string? text) =>
        Handle.TryRead("", text, out var bytes) && bytes.Length == SHA256.HashSizeInBytes;

    private string Seal(HandoffState state) => protector.Protect(string.Join('\n',
        Base64Url.EncodeToString(state.Nonce.Bytes),
        state.From,
        state.ExpiresAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        state.ReturnTo));

    private HandoffState? Unseal(string cookie)
    {
        try
        {
            var parts = protector.Unprotect(cookie).Split('\n', 4);
            return new HandoffState(
                Secret.From(Base64Url.DecodeFromChars(parts[0])),
                parts[1],
                parts[3],
                DateTimeOffset.FromUnixTimeSeconds(long.Parse(parts[2], CultureInfo.InvariantCulture)));
        }
        catch (CryptographicException exception) when (OutageException.Behind(exception) is null)
        {
            return null;
        }
    }
}
