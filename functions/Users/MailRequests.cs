using AuthFunctions.Http;
using AuthFunctions.Outbox;
using AuthFunctions.Protocol;
using Microsoft.AspNetCore.Http;

namespace AuthFunctions.Users;

/// <summary>
/// Requests of people who are not signed in to have something mailed to an address. Each costs the same and is answered alike, whether or not
/// the address has an account: that is looked at by the delivery alone.
/// </summary>
public sealed class MailRequests(OutboxWriter outbox, Throttle throttle, ClientAddress addresses)
{
    /// <summary>Counts a mail to an address; the refusal if there were too many. Nobody's letter box is filled by strangers.</summary>
    public async Task<Problem?> CountAsync(HttpRequest request, EmailAddress email, CancellationToken ct)
    {
        List<ThrottleKey> keys = [ThrottleKey.OfMail(email.Hash)];
        if (addresses.Of(request) is { } address)
        {
            keys.Add(ThrottleKey.OfMailer(address));
        }

        var counts = await throttle.ReadAsync(keys, ct);
        if (throttle.DelayOf(counts) is { Ticks: > 0 } delay)
        {
            return new Problem(429, "too_many_attempts", "Too many mails were asked for. Try again later.")
            {
                Text = new("too_many_mails"),
                RetryAfter = delay,
            };
        }

        await throttle.FailAsync(counts, ct);
        return null;
    }

    /// <summary>Asks for a link to be mailed to whoever has the address. The refusal, or null.</summary>
    public async Task<Problem?> PostLinkAsync(HttpRequest request, string? address, string template, CancellationToken ct)
    {
        if (!EmailAddress.TryParse(address, out var email))
        {
            return EmailAddress.Malformed;
        }

        if (await CountAsync(request, email, ct) is { } refusal)
        {
            return refusal;
        }

        // The secret exists in the sealed intent and in the mail; the row of the link will hold its hash.
        var mail = new Mail(template, request.Site().Name, email.Typed, RequestLanguage.Of(request)) { Secret = Id.Write(Secret.New().Bytes) };
        await outbox.PostAsync(mail, LinkStore.Lifetime, ct);
        return null;
    }
}
