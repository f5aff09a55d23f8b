using AuthFunctions.Http;
using AuthFunctions.Protocol;
using AuthFunctions.Sessions;
using AuthFunctions.Sites;
using AuthFunctions.Storage;
using AuthFunctions.Tokens;
using AuthFunctions.Users;
using Microsoft.AspNetCore.Http;

namespace AuthFunctions.SignIn;

/// <summary>What became of the attempt to open a session for somebody who has proven who they are.</summary>
public abstract record Opening
{
    private Opening()
    {
    }

    /// <summary>It is stored; the secrets and tokens can go out.</summary>
    public sealed record Opened(UserRow User, NewSession Session, SessionTokens Tokens) : Opening;

    /// <summary>Something changed meanwhile: a block, another registration.</summary>
    public sealed record Refused(Problem Problem) : Opening;

    /// <summary>The password is stored otherwise than when it was checked: it is another, or only hashed anew. It must be checked again.</summary>
    public sealed record PasswordChanged : Opening;
}

/// <summary>Opens a session after a sign-in, in place of the one the browser had.</summary>
public sealed class SessionOpener(
    SessionStarter starter, SessionEnder ender, ActorReader actors, CredentialChecker credentials, UserStore users, TokenIssuer issuer)
{
    private const int MaxTries = 40;

    /// <summary>How a password sign-in is named (RFC 8176 §2).</summary>
    private const string Password = "pwd";

    /// <summary>Opens a session.</summary>
    /// <param name="request">The request, for the browser's session so far and its name.</param>
    /// <param name="user">The user as read when the password was checked; a new one has no ETag.</param>
    /// <param name="transport">How the tokens will reach the caller.</param>
    /// <param name="first">Changes that are committed with it.</param>
    /// <param name="ct">Ends the wait.</param>
    public Task<Opening> OpenAsync(HttpRequest request, UserRow user, Transport transport, IReadOnlyList<Change> first, CancellationToken ct) =>
        OpenAsync(request, user, transport, first, () => Task.FromResult<Problem?>(null), ct);

    /// <summary>Opens a session after a write in another partition.</summary>
    /// <param name="request">The request, for the browser's session so far and its name.</param>
    /// <param name="user">The user as read when the password was checked; a new one has no ETag.</param>
    /// <param name="transport">How the tokens will reach the caller.</param>
    /// <param name="first">Changes that are committed with it.</param>
    /// <param name="prepare">The other write, made once the tokens are signed; null, or why the session is not opened.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task<Opening> OpenAsync(
        HttpRequest request, UserRow user, Transport transport, IReadOnlyList<Change> first, Func<Task<Problem?>> prepare, CancellationToken ct)
    {
        var site = request.Site();
        var started = starter.NewRoot(user, site, transport, Password, DeviceLabel(request));

        // Signed before anything is written: when the vault fails, nothing has changed.
        var tokens = await issuer.IssueAsync(site, user, started.Row, Scope.FirstParty, site.DefaultAudience, ct);
        if (await prepare() is { } refused)
        {
            return new Opening.Refused(refused);
        }

        var current = user;
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var replaced = transport == Transport.Cookie ? await ReplacedAsync(request, site, current, ct) : null;
            if (await starter.CommitAsync(first, current, started, root: null, replaced, ct) is Commit.Done)
            {
                return new Opening.Opened(current, started, tokens);
            }

            if (user.ETag == default)
            {
                return new Opening.Refused(new Problem(409, "email_taken", "This e-mail address has an account.")
                    { Reason = "the registration was too slow" });
            }

            // Another sign-in, a block, a sign-out everywhere or another password came first: decide anew on what is there now.
            if (await users.FindAsync(user.Id, ct) is not { } found || found.PasswordHash != current.PasswordHash)
            {
                return new Opening.PasswordChanged();
            }

            if (credentials.Shut(found) is { } shut)
            {
                return new Opening.Refused(shut);
            }

            current = found;
            started = started with { Row = started.Row with { Epoch = found.Epoch } };
        }

        throw new OutageException("table Users");
    }

    /// <summary>The browser's living session, which the new one takes the place of. Another person's is ended here and now.</summary>
    private async Task<SessionRow?> ReplacedAsync(HttpRequest request, Site site, UserRow user, CancellationToken ct)
    {
        if (SessionCookie.ReadSid(request) is not { } handle || await actors.BySidAsync(handle, site, ct) is not Actor.Present old)
        {
            return null;
        }

        if (old.User.Id == user.Id)
        {
            return old.Session;
        }

        // It lies in another partition, so it cannot be part of the same commit. First, so that it never outlives this sign-in.
        await ender.EndAsync(old.Session, EndReasons.Replaced, ct);
        return null;
    }

    private static string? DeviceLabel(HttpRequest request) => request.Headers.UserAgent.ToString() is { Length: > 0 } agent
        ? new string([.. agent.Where(c => !char.IsControl(c)).Take(200)])
        : null;
}
