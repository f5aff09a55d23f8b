using AuthFunctions.Events;
using AuthFunctions.Http;
using AuthFunctions.Outbox;
using AuthFunctions.Protocol;
using AuthFunctions.Sessions;
using AuthFunctions.Storage;
using AuthFunctions.Users;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AuthFunctions.SignIn;

/// <summary>What became of a registration.</summary>
public abstract record Registration
{
    private Registration()
    {
    }

    /// <summary>It waits for its address to be confirmed.</summary>
    public sealed record Waiting : Registration;

    /// <summary>There is an account, and its user is signed in.</summary>
    public sealed record Made(Opening.Opened Opened) : Registration;

    /// <summary>There is none.</summary>
    public sealed record Refused(Problem Problem) : Registration;
}

/// <summary>Makes accounts: at once, or when the address is confirmed.</summary>
public sealed class Registrar(
    UserDirectory directory, UserStore users, PendingRegistrationStore pending, Passwords passwords, SessionOpener opener,
    CredentialChecker credentials, KnownDevices devices, EventStore events, OutboxWriter outbox, MailRequests mails,
    PasswordPolicy policy, IOptions<AccountsOptions> options, TimeProvider clock)
{
    private const int MaxFailures = 5;
    private const int MaxNameLength = 200;

    private static readonly Problem DeadLink = new(400, "link_invalid", "This link is not valid, was used, or has expired. Register again.")
    {
        Text = new("registration_link"),
    };

    private static readonly Problem Taken = new(409, "email_taken", "This e-mail address has an account.") { Field = "email" };

    /// <summary>Registers somebody, if address, name and password are such as may be registered.</summary>
    public async Task<Registration> RegisterAsync(
        HttpRequest request, string address, string password, string? name, Transport transport, CancellationToken ct)
    {
        var calledBy = name?.Trim() is { Length: > 0 } trimmed ? trimmed : null;
        return !EmailAddress.TryParse(address, out var email) ? new Registration.Refused(EmailAddress.Malformed)
            : calledBy?.Length > MaxNameLength ? new Registration.Refused(
                Problem.InvalidRequest($"name may have {MaxNameLength} characters.", "name") with { Text = new("name_too_long", MaxNameLength) })
            : policy.Check(password, email, "password") is { } fault ? new Registration.Refused(fault)
            : await RegisterAsync(request, email, password, calledBy, transport, ct);
    }

    private async Task<Registration> RegisterAsync(
        HttpRequest request, EmailAddress email, string password, string? name, Transport transport, CancellationToken ct)
    {
        if (options.Value.ConfirmEmail && await mails.CountAsync(request, email, ct) is { } refusal)
        {
            return new Registration.Refused(refusal);
        }

        var passwordHash = await passwords.HashAsync(password, ct);
        if (!options.Value.ConfirmEmail)
        {
            return await MakeAsync(request, NewUser(Id.New(), email.Typed, email.Hash, name, passwordHash), email, transport, ct);
        }

        // Whether the address has an account is looked at only when it is confirmed: until then nothing may tell.
        var link = new LinkHandle(Id.New(), Secret.New());
        var mail = new Mail(MailTemplates.Confirm, request.Site().Name, email.Typed, RequestLanguage.Of(request))
        {
            Link = $"{request.Site().Issuer}/verify?token={link.Write()}",
        };
        var entry = await outbox.AnnounceAsync(TableNames.PendingRegistrations, link.RegistrationId, mail, options.Value.ConfirmationLifetime, ct);
        await pending.AddAsync(
            new PendingRegistrationRow
            {
                Id = link.RegistrationId,
                Email = email.Typed,
                Name = name,
                PasswordHash = passwordHash,
                Site = request.Site().Name,
                SecretHash = link.Secret.Hash(),
                ExpiresAt = clock.GetUtcNow() + options.Value.ConfirmationLifetime,
            },
            entry.Change,
            ct);
        await outbox.WakeAsync(entry, ct);
        return new Registration.Waiting();
    }

    /// <summary>
    /// Confirms a waiting registration. Asks for the password that it chose: who registers a stranger's address and has the stranger
    /// click the link gains nothing, because the stranger cannot know that password, and its own does not fit.
    /// </summary>
    public async Task<Registration> ConfirmAsync(HttpRequest request, LinkHandle link, string password, CancellationToken ct)
    {
        if (await FindAsync(request, link, ct) is not { } registration || !EmailAddress.TryParse(registration.Email, out var email))
        {
            return new Registration.Refused(DeadLink);
        }

        var user = NewUser(registration.Id, registration.Email, email.Hash, registration.Name, registration.PasswordHash)
            with { EmailVerified = true };
        if (await passwords.VerifyAsync(user, password, ct) == PasswordVerificationResult.Failed)
        {
            await CountFailureAsync(request, link, registration, ct);
            return new Registration.Refused(new Problem(401, "invalid_credentials", "That is not the password of this registration.")
            {
                Field = "password",
                Text = new("registration_password"),
            });
        }

        // The user has the registration's id. So a repeated confirmation, after a lost answer, finds the user that the first one made.
        var made = await users.FindAsync(user.Id, ct) is { } existing
            ? await RepeatAsync(request, existing, registration, ct)
            : await MakeAsync(request, user, email, Transport.Cookie, ct);
        if (made is Registration.Made)
        {
            await TryDeleteAsync(registration, ct);
        }

        return made;
    }

    /// <summary>The registration of a link that can still be confirmed at this site, or null.</summary>
    public async Task<PendingRegistrationRow?> FindAsync(HttpRequest request, LinkHandle link, CancellationToken ct) =>
        await pending.FindAsync(link.RegistrationId, ct) is { } registration
        && registration.Site == request.Site().Name
        && link.Secret.Matches(registration.SecretHash)
        && registration.ExpiresAt > clock.GetUtcNow()
            ? registration
            : null;

    /// <summary>The account is there already. The link is worth no more than a sign-in with the password it asks for.</summary>
    private async Task<Registration> RepeatAsync(HttpRequest request, UserRow user, PendingRegistrationRow registration, CancellationToken ct) =>
        user.PasswordHash != registration.PasswordHash ? new Registration.Refused(DeadLink)
        : credentials.Shut(user) is { } shut ? new Registration.Refused(shut)
        : Outcome(request, await opener.OpenAsync(request, user, Transport.Cookie, [], ct));

    /// <summary>Uses a registration up. Its session is stored by now, and its browser must get it: what is left expires by itself.</summary>
    /// <returns>False if the row stays; confirmed again, it only signs in (<see cref="RepeatAsync"/>).</returns>
    private async Task<bool> TryDeleteAsync(PendingRegistrationRow registration, CancellationToken ct)
    {
        try
        {
            return await pending.DeleteAsync(registration, ct) is Commit.Done;
        }
        catch (OutageException)
        {
            return false;
        }
    }

    private async Task<Registration> MakeAsync(HttpRequest request, UserRow user, EmailAddress email, Transport transport, CancellationToken ct)
    {
        var registered = events.Add(user.Id, new(EventKinds.Registered) { Site = request.Site().Name });
        return Outcome(request, await opener.OpenAsync(request, user, transport, [registered], ClaimAsync, ct), transport);

        async Task<Problem?> ClaimAsync() => await directory.TryClaimAsync(email, user.Id, ct) ? null : Taken;
    }

    private Registration Outcome(HttpRequest request, Opening opening, Transport transport = Transport.Cookie)
    {
        if (opening is not Opening.Opened opened)
        {
            return new Registration.Refused(opening is Opening.Refused(var problem) ? problem : DeadLink);
        }

        if (transport == Transport.Cookie)
        {
            devices.Remember(request.HttpContext, null, opened.User);
        }

        return new Registration.Made(opened);
    }

    /// <summary>A link lets someone try passwords; five are enough for its owner. Tries at the same moment each count.</summary>
    private async Task CountFailureAsync(HttpRequest request, LinkHandle link, PendingRegistrationRow registration, CancellationToken ct)
    {
        for (PendingRegistrationRow? current = registration; current is not null; current = await FindAsync(request, link, ct))
        {
            var counted = current.Failures + 1 < MaxFailures
                ? pending.ReplaceAsync(current with { Failures = current.Failures + 1 }, ct)
                : pending.DeleteAsync(current, ct);
            if (await counted is Commit.Done)
            {
                return;
            }
        }
    }

    private UserRow NewUser(string id, string email, string emailHash, string? name, string passwordHash) => new()
    {
        Id = id,
        Email = email,
        EmailHash = emailHash,
        Name = name,
        PasswordHash = passwordHash,
        CreatedAt = clock.GetUtcNow(),
    };
}
