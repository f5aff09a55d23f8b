using AuthFunctions.Http;
using AuthFunctions.Tokens;
using AuthFunctions.Users;
using Microsoft.AspNetCore.Identity;

namespace AuthFunctions.Account;

/// <summary>
/// Asks for the password again before what cannot be undone: a session that is left open, or was taken over, must not be worth the account.
/// Failures are counted by session, so that nobody guesses through one.
/// </summary>
public sealed class PasswordProof(Passwords passwords, Throttle throttle)
{
    /// <summary>Why it is refused; null if the password is the actor's.</summary>
    public async Task<Problem?> CheckAsync(Actor.Present actor, string password, CancellationToken ct)
    {
        var counts = await throttle.ReadAsync([ThrottleKey.OfSession(actor.Session.Id.ToString())], ct);
        if (throttle.DelayOf(counts) is { Ticks: > 0 } delay)
        {
            return new Problem(429, "too_many_attempts", "Too many attempts have failed. Try again later.") { RetryAfter = delay };
        }

        if (password.Length > 4 * PasswordPolicy.MaxLength
            || await passwords.VerifyAsync(actor.User, password, ct) == PasswordVerificationResult.Failed)
        {
            await throttle.FailAsync(counts, ct);
            return Wrong;
        }

        await throttle.SucceedAsync(counts, ct);
        return null;
    }

    /// <summary>The password is another: as typed, or because it was changed meanwhile.</summary>
    public static Problem Wrong => new(403, "invalid_credentials", "That is not your password.") { Field = "password", Text = new("wrong_password") };
}
