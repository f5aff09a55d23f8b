using AuthFunctions.Http;
using AuthFunctions.Users;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AuthFunctions.SignIn;

/// <summary>What an address and a password are worth.</summary>
public abstract record CredentialCheck
{
    private CredentialCheck()
    {
    }

    /// <summary>They are the user's.</summary>
    /// <param name="User">The user, to be stored with the session: the password may have been hashed anew.</param>
    /// <param name="DeviceId">The known device it came from, or null.</param>
    public sealed record Right(UserRow User, string? DeviceId) : CredentialCheck;

    /// <summary>They are not, or not now.</summary>
    public sealed record Refused(Problem Problem) : CredentialCheck;
}

/// <summary>Checks an address and a password, with equal work for addresses that nobody has, and counts failures.</summary>
public sealed class CredentialChecker(
    UserDirectory users, UserEmailStore emails, Passwords passwords, Throttle throttle, ClientAddress addresses, KnownDevices devices,
    IOptions<AccountsOptions> options)
{
    /// <summary>Checks the credentials of a request.</summary>
    public async Task<CredentialCheck> CheckAsync(HttpRequest request, EmailAddress email, string password, CancellationToken ct)
    {
        passwords.RefuseIfFull();
        var deviceId = devices.Find(request, email);
        var counting = throttle.ReadAsync(Keys(request, email, deviceId), ct);
        var claiming = emails.FindAsync(email.Hash, ct);
        await Task.WhenAll(counting, claiming);
        var counts = await counting;

        // Before the hash: a delayed attempt must cost an attacker's victim nothing, and tell an attacker nothing.
        if (throttle.DelayOf(counts) is { Ticks: > 0 } delay)
        {
            return Refuse(new Problem(429, "too_many_attempts", "Too many attempts have failed. Try again later.") { RetryAfter = delay });
        }

        var user = await claiming is { } claim ? await users.OwnerAsync(claim, ct) : null;
        var result = await passwords.VerifyAsync(user, password, ct);
        if (user is null || result == PasswordVerificationResult.Failed)
        {
            await throttle.FailAsync(counts, ct);
            return Refuse(new Problem(401, "invalid_credentials", "The e-mail address or the password is wrong.")
            {
                Reason = user is null ? "unknown address" : "wrong password",
            });
        }

        await throttle.SucceedAsync(counts, ct);
        if (Shut(user) is { } shut)
        {
            return Refuse(shut);
        }

        return new CredentialCheck.Right(
            result == PasswordVerificationResult.SuccessRehashNeeded ? user with { PasswordHash = await passwords.HashAsync(password, ct) } : user,
            deviceId);
    }

    /// <summary>Why a user may not sign in although the password is right, or null. Said only after a right password.</summary>
    public Problem? Shut(UserRow user) =>
        user.Blocked ? new Problem(403, "blocked", "This account is blocked.")
        : options.Value.ConfirmEmail && !user.EmailVerified ? new Problem(403, "email_unverified", "Confirm the e-mail address first.")
        : null;

    private List<ThrottleKey> Keys(HttpRequest request, EmailAddress email, string? deviceId)
    {
        List<ThrottleKey> keys = [deviceId is null ? ThrottleKey.OfEmail(email.Hash) : ThrottleKey.OfDevice(deviceId)];
        if (addresses.Of(request) is { } address)
        {
            keys.Add(ThrottleKey.OfAddress(address));
        }

        return keys;
    }

    private static CredentialCheck.Refused Refuse(Problem problem) => new(problem);
}
