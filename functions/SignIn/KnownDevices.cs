using System.Security.Cryptography;
using AuthFunctions.Protocol;
using AuthFunctions.Sessions;
using AuthFunctions.Users;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace AuthFunctions.SignIn;

/// <summary>
/// Devices that have signed in to an account before. Failures on one count against its own budget, so a stranger who guesses at the
/// account's address cannot lock its owner out. The cookie is sealed and names the account: one of an attacker's own buys no
/// guesses at another's.
/// </summary>
public sealed class KnownDevices(IDataProtectionProvider protection)
{
    private readonly IDataProtector protector = protection.CreateProtector("known device");

    /// <summary>The device's id, if it is known for this address; else null.</summary>
    public string? Find(HttpRequest request, EmailAddress email)
    {
        if (SessionCookie.ReadDevice(request) is not { } cookie)
        {
            return null;
        }

        try
        {
            return protector.Unprotect(cookie).Split(' ') is [var deviceId, var hash] && hash == email.Hash ? deviceId : null;
        }
        catch (CryptographicException exception) when (OutageException.Behind(exception) is null)
        {
            return null;
        }
    }

    /// <summary>Makes the device known for this user, as the one it was or a new one.</summary>
    public void Remember(HttpContext http, string? deviceId, UserRow user) =>
        SessionCookie.WriteDevice(http, protector.Protect($"{deviceId ?? Id.New()} {user.EmailHash}"));
}
