using AuthFunctions.Clients;
using AuthFunctions.Protocol;
using AuthFunctions.Sessions;
using AuthFunctions.Sites;
using AuthFunctions.Storage;
using AuthFunctions.Telemetry;
using AuthFunctions.Users;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AuthFunctions.Tokens;

/// <summary>What became of a refresh.</summary>
public abstract record Refresh
{
    private Refresh()
    {
    }

    /// <summary>New tokens.</summary>
    /// <param name="User">The user.</param>
    /// <param name="Session">The session as it is stored now.</param>
    /// <param name="Tokens">The tokens.</param>
    /// <param name="Scope">What the access token allows.</param>
    /// <param name="RefreshToken">The refresh token to use from now on; null where the session cookie was presented.</param>
    public sealed record Done(UserRow User, SessionRow Session, SessionTokens Tokens, Scope Scope, RefreshHandle? RefreshToken) : Refresh;

    /// <summary>Nothing was issued.</summary>
    public sealed record Refused(OAuthError Error) : Refresh;
}

/// <summary>What a client asks of a refresh besides the tokens.</summary>
/// <param name="Client">The client; null for the site's own apps.</param>
/// <param name="Scope">Less than was granted (RFC 6749 §6), or null for all of it.</param>
/// <param name="Audience">A resource that the client may ask for (RFC 8707 §2.2), or null for what the session was granted for.</param>
/// <param name="Transport">How the refresh token came.</param>
public sealed record RefreshTerms(
    OAuthClient? Client = null, Scope? Scope = null, string? Audience = null, Transport Transport = Transport.Body)
{
    /// <summary>Thumbprint of the key that the client has proven to have, or null.</summary>
    public string? DpopKey { get; init; }

    /// <summary>True if the session must be bound to it now: a public client's first proof binds what it gets from then on (RFC 9449 §5).</summary>
    public bool Binds(SessionRow session) => DpopKey is not null && session.DpopKey is null && Client is { IsConfidential: false };
}

/// <summary>Refreshes sessions: one read of all rows that decide, then one conditional write (docs/architecture.md).</summary>
public sealed class SessionRefresher(
    SessionReader reader, SessionStore sessions, SessionEnder ender, TokenIssuer issuer,
    [FromKeyedServices(TableNames.Users)] ITable table, IOptions<SessionsOptions> options, TimeProvider clock)
{
    private const int MaxTries = 40;

    /// <summary>Redeems a refresh token (RFC 6749 §6).</summary>
    public async Task<Refresh> ByRefreshTokenAsync(RefreshHandle handle, Site site, RefreshTerms terms, CancellationToken ct)
    {
        SessionTokens? tokens = null;
        for (var tries = 0; tries < MaxTries; tries++)
        {
            if (await reader.FindAsync(handle.UserId, handle.SessionId, ct) is not { } found)
            {
                return Refuse("no such session");
            }

            var session = found.Session;

            // RFC 6749 §10.4: bound to the client it was issued to. Before reuse, so that no client can end another's session.
            if (session.ClientId != (terms.Client?.ClientId ?? ClientIds.FirstParty))
            {
                return Refuse("issued to another client");
            }

            if (session.Site != site.Name)
            {
                return Refuse("issued at another site");
            }

            // A browser's refresh token lives in its cookie. In a body it was taken out of it, and would yield what cookies never do.
            if ((session.SidHash is null) != (terms.Transport == Transport.Body))
            {
                return Refuse("issued for another transport");
            }

            // RFC 9449 §5. Before the MAC and reuse: whoever has not the key learns nothing and ends nothing.
            if (session.DpopKey is not null && session.DpopKey != terms.DpopKey)
            {
                return Refuse("bound to another key");
            }

            // A session id is no secret: without the MAC a made-up token could end anyone's session as "reused".
            if (!handle.IsGenuine(session))
            {
                return Refuse("wrong MAC");
            }

            if (found.WhyDead(clock.GetUtcNow()) is { } why)
            {
                return Refuse(why);
            }

            var rotation = Rotation.Decide(session, handle.Secret, clock.GetUtcNow(), options.Value.RefreshLeeway);
            if (rotation is Rotation.Reused)
            {
                await ender.EndAsync(session, EndReasons.RefreshTokenReused, ct);
                AuthTelemetry.Reused();
                return Refuse("refresh token reused; session ended");
            }

            // After reuse, which is theft whatever it asks for; before anything is consumed.
            var scope = terms.Scope ?? session.Scope;
            if (!scope.IsWithin(session.Scope))
            {
                return new Refresh.Refused(OAuthError.InvalidScope("wider than what was granted"));
            }

            // RFC 9700 §4.14.2, RFC 8707 §2.2: nor for another resource than the one that was granted.
            if (terms.Audience is not null && session.Resource is not null && terms.Audience != session.Resource)
            {
                return new Refresh.Refused(OAuthError.InvalidTarget("another resource than the session's"));
            }

            // Signed before the write that consumes: when the vault fails, nothing has changed.
            tokens ??= await issuer.IssueAsync(
                site, found.User, session, scope, terms.Audience ?? session.Resource ?? site.DefaultAudience, ct, new() { DpopKey = terms.DpopKey });
            if (rotation is Rotation.Same same && !terms.Binds(session))
            {
                AuthTelemetry.Refreshed("repeated");
                return new Refresh.Done(found.User, session, tokens, scope, RefreshHandle.Issue(session, session.Generation, same.Secret));
            }

            var (next, secret) = rotation switch
            {
                Rotation.Next(var rotated, var successor) => (rotated, successor),
                Rotation.Same(var current) => (session, current),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
            next = Used(terms.Binds(session) ? next with { DpopKey = terms.DpopKey } : next, site, terms.Client);
            if (await table.CommitAsync([sessions.Replace(next)], ct) is Commit.Done)
            {
                AuthTelemetry.Refreshed("rotated");
                return new Refresh.Done(found.User, next, tokens, scope, RefreshHandle.Issue(next, next.Generation, secret));
            }
        }

        throw new OutageException("table Users");
    }

    /// <summary>
    /// Refreshes by the session cookie, in the modes that have no refresh token. Racing tabs need no order here: nothing is consumed.
    /// </summary>
    public async Task<Refresh> BySidAsync(Actor.Present actor, Site site, CancellationToken ct)
    {
        var (user, session) = (actor.User, actor.Session);
        var tokens = await issuer.IssueAsync(site, user, session, session.Scope, site.DefaultAudience, ct);
        var used = Used(session, site, null);
        if (await table.CommitAsync([sessions.Replace(used)], ct) is Commit.Conflict)
        {
            // Another tab refreshed, or the session ended.
            var found = await reader.FindAsync(session.UserId, session.Id, ct);
            return found is null || found.WhyDead(clock.GetUtcNow()) is not null
                ? Refuse("ended meanwhile")
                : new Refresh.Done(found.User, found.Session, tokens, session.Scope, null);
        }

        AuthTelemetry.Refreshed("by_cookie");
        return new Refresh.Done(user, used, tokens, session.Scope, null);
    }

    /// <summary>Marks a session as used if that was more than an hour ago: Stateful mode checks often and must not write as often.</summary>
    public async Task TouchAsync(SessionRow session, Site site, CancellationToken ct)
    {
        if (clock.GetUtcNow() - session.LastUsedAt > TimeSpan.FromHours(1))
        {
            // A conflict means that it was used or ended at this very moment; either way there is nothing left to note.
            await table.CommitAsync([sessions.Replace(Used(session, site, null))], ct);
        }
    }

    private SessionRow Used(SessionRow session, Site site, OAuthClient? client)
    {
        var now = clock.GetUtcNow();
        return session with
        {
            LastUsedAt = now,
            IdleExpiresAt = now + (client?.IdleLifetime ?? site.IdleLifetime ?? options.Value.IdleLifetime),
        };
    }

    private static Refresh.Refused Refuse(string reason)
    {
        var error = OAuthError.InvalidGrant(reason);
        AuthTelemetry.Refreshed(error.Code);
        return new(error);
    }
}
