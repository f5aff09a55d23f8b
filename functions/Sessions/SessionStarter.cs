using System.Security.Cryptography;
using AuthFunctions.Clients;
using AuthFunctions.Events;
using AuthFunctions.Outbox;
using AuthFunctions.Protocol;
using AuthFunctions.Sites;
using AuthFunctions.Storage;
using AuthFunctions.Users;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AuthFunctions.Sessions;

/// <summary>
/// Builds sessions and commits them together with the user row they were decided on, so that a block, a sign-out or a password change
/// that overlaps makes the commit fail.
/// </summary>
public sealed class SessionStarter(
    SessionStore sessions, UserStore users, EventStore events, LogoutNotices notices, OutboxWriter outbox,
    [FromKeyedServices(TableNames.Users)] ITable table, IOptions<SessionsOptions> options, TimeProvider clock)
{
    /// <summary>Most sessions a user may have; one more ends the one longest unused.</summary>
    public const int MaxPerUser = 100;

    /// <summary>A transaction takes 100 operations; the rest of it are the session, its user and its events, and what clients are told.</summary>
    private const int MaxDeletions = 50;

    /// <summary>A first-party sign-in that just happened.</summary>
    public NewSession NewRoot(UserRow user, Site site, Transport transport, string amr, string? device)
    {
        var now = clock.GetUtcNow();
        return Build(user, site, transport, Random(site, transport), new SessionRow
        {
            UserId = user.Id,
            Id = SessionId.NewRoot(),
            Site = site.Name,
            ClientId = ClientIds.FirstParty,
            Scope = Scope.FirstParty,
            AuthTime = now,
            Amr = [amr],
            CreatedAt = now,
            LastUsedAt = now,
            IdleExpiresAt = now + (site.IdleLifetime ?? options.Value.IdleLifetime),
            AbsoluteExpiresAt = now + (site.AbsoluteLifetime ?? options.Value.AbsoluteLifetime),
            Epoch = user.Epoch,
            Device = device,
        });
    }

    /// <summary>A session that a handoff carries to another site: it lives no longer than its root and is no better authenticated.</summary>
    /// <param name="user">The user as read.</param>
    /// <param name="site">The target.</param>
    /// <param name="root">The root as read.</param>
    /// <param name="seed">The secret of the browser, from which the session's secrets are derived.</param>
    /// <param name="context">What makes the derivation unique: the handoff token's <c>jti</c>.</param>
    /// <param name="device">What the device calls itself.</param>
    public NewSession NewChild(UserRow user, Site site, SessionRow root, Secret seed, string context, string? device)
    {
        var now = clock.GetUtcNow();
        return Build(user, site, Transport.Cookie, Derive(site, seed, context), new SessionRow
        {
            UserId = user.Id,
            Id = root.Id.NewChild(),
            Site = site.Name,
            ClientId = ClientIds.FirstParty,
            Scope = Scope.FirstParty,
            AuthTime = root.AuthTime,
            Amr = root.Amr,
            CreatedAt = now,
            LastUsedAt = now,
            IdleExpiresAt = now + (site.IdleLifetime ?? options.Value.IdleLifetime),
            AbsoluteExpiresAt = root.AbsoluteExpiresAt,
            Epoch = user.Epoch,
            Device = device,
        });
    }

    /// <summary>
    /// What a client is granted: a child of the browser's session, which ends with it; with <c>offline_access</c> a root of its own, which
    /// does not (OpenID Connect Core §11). It has a refresh token where the client may use one.
    /// </summary>
    public NewSession NewGrant(
        UserRow user, Site site, OAuthClient client, SessionRow root, Scope scope, string? resource = null, string? dpopKey = null,
        GrantedClaims? claims = null)
    {
        var own = Granted(user, site, client, SessionId.NewRoot(), root, scope, resource) with
        {
            DpopKey = dpopKey,
            Claims = claims ?? GrantedClaims.None,
        };
        return Build(user, site, Transport.Body, Refreshing(client), scope.Contains(Scope.OfflineAccess)
            ? own with { GrantedBy = root.Id }
            : own with { Id = root.Id.NewChild(), AbsoluteExpiresAt = root.AbsoluteExpiresAt });
    }

    /// <summary>
    /// What a user grants a device elsewhere (RFC 8628): a root of its own. It has no secrets before the device comes for it
    /// (<see cref="Collect"/>), and dies if the device does not come in time.
    /// </summary>
    /// <param name="user">The user as read.</param>
    /// <param name="site">The site.</param>
    /// <param name="client">The device's client.</param>
    /// <param name="id">The session, as the device code names it.</param>
    /// <param name="granting">The root of the browser's session, whose sign-in counts.</param>
    /// <param name="scope">What is granted.</param>
    /// <param name="resource">The audience that was asked for, or null.</param>
    /// <param name="collectBy">When it dies if nobody comes.</param>
    public NewSession NewDevice(
        UserRow user, Site site, OAuthClient client, SessionId id, SessionRow granting, Scope scope, string? resource, DateTimeOffset collectBy) =>
        Build(user, site, Transport.Body, new SessionSecrets(null, null), Granted(user, site, client, id, granting, scope, resource) with
        {
            IdleExpiresAt = collectBy,

            // Its own browser named the one who granted; in the list of sign-ins this tells it from that.
            Device = client.ClientId,
        });

    /// <summary>A device's session as the device gets it: with its secrets, and from now on with a client's idle lifetime.</summary>
    public NewSession Collect(UserRow user, Site site, OAuthClient client, SessionRow waiting, string? dpopKey)
    {
        var now = clock.GetUtcNow();
        var collected = waiting with { LastUsedAt = now, IdleExpiresAt = now + IdleLifetime(site, client), DpopKey = dpopKey };
        return Build(user, site, Transport.Body, Refreshing(client), collected);
    }

    /// <summary>The secrets of a browser's session that was handed over: the same browser repeating the same handoff gets the same.</summary>
    public static SessionSecrets Derive(Site site, Secret seed, string context) => new(
        seed.Derive("handoff sid", context), site.CookieMode == CookieMode.Stateless ? seed.Derive("handoff refresh", context) : null);

    /// <summary>
    /// Commits a session that was decided on this user and, for a child, this root. A conflict at an index below the number of
    /// <paramref name="first"/> is theirs; any other means that user or root changed: read again and decide anew.
    /// </summary>
    /// <param name="first">Changes that belong to the session: an authorization that it uses up, a user that is made with it.</param>
    /// <param name="user">The user as read.</param>
    /// <param name="started">The session.</param>
    /// <param name="root">The root as read: of a child its own, of a client's offline grant the one that granted it. It must not have ended
    /// meanwhile.</param>
    /// <param name="replaced">A session of the same user that this one takes the place of, or null.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task<Commit> CommitAsync(
        IReadOnlyList<Change> first, UserRow user, NewSession started, SessionRow? root, SessionRow? replaced, CancellationToken ct)
    {
        var (count, ended) = await MakeRoomAsync(user, started.Row, root, replaced, ct);
        var counted = user with { SessionCount = count };
        List<Change> changes =
        [
            .. first,
            user.ETag == default ? users.Add(counted) : users.Replace(counted),
            sessions.Add(started.Row),
            events.Add(user.Id, new(EventKinds.SessionStarted) { Site = started.Row.Site, SessionId = started.Row.Id.ToString() }),
        ];
        if (root is not null)
        {
            // Nothing about the root changes; writing it proves that it did not end since it was read.
            changes.Add(sessions.Replace(root));
        }

        foreach (var (session, reason) in ended)
        {
            changes.Add(sessions.Delete(session));
            if (reason is not null)
            {
                changes.Add(events.Add(
                    user.Id, new(EventKinds.SessionEnded) { Site = session.Site, SessionId = session.Id.ToString(), Reason = reason }));
            }
        }

        var told = await notices.AnnounceAsync(user, [.. ended.Where(e => e.Reason is not null).Select(e => e.Session)], ct);
        changes.AddRange(told.Select(t => t.Change));
        var commit = await table.CommitAsync(changes, ct);
        if (commit is Commit.Done)
        {
            await outbox.WakeAsync(told, ct);
        }

        return commit;
    }

    /// <summary>The new count, and what must go: the replaced session; at the cap also dead rows and the session longest unused.</summary>
    private async Task<(int Count, List<(SessionRow Session, string? Reason)> Ended)> MakeRoomAsync(
        UserRow user, SessionRow started, SessionRow? root, SessionRow? replaced, CancellationToken ct)
    {
        var ended = new List<(SessionRow, string?)>();
        if (replaced is not null)
        {
            ended.Add((replaced, EndReasons.Replaced));
        }

        if (user.SessionCount < MaxPerUser)
        {
            return (user.SessionCount + 1, ended);
        }

        var now = clock.GetUtcNow();
        var rows = await sessions.ListAsync(user.Id, ct);
        var roots = rows.Where(r => !r.Id.IsChild).ToDictionary(r => r.Id);
        var living = rows
            .Where(r => new FoundSession(user, r, roots.GetValueOrDefault(r.Id.Root)).WhyDead(now) is null && r.Id != replaced?.Id)
            .ToList();
        while (living.Count >= MaxPerUser)
        {
            // A root is in use as long as any of its tree is; of equals the child goes first, since a root takes its tree along.
            var idlest = living.Where(r => r.Id != started.Id.Root && r.Id != root?.Id)
                .MinBy(r => (living.Where(o => r.Id == o.Id || (!r.Id.IsChild && o.Id.Root == r.Id)).Max(o => o.LastUsedAt), r.Id.IsChild ? 0 : 1))!;
            ended.Add((idlest, EndReasons.Cap));
            living.RemoveAll(r => r.Id == idlest.Id || (!idlest.Id.IsChild && r.Id.Root == idlest.Id));
        }

        var dead = rows.Where(r =>
            living.All(l => l.Id != r.Id && l.Id.Root != r.Id) && ended.All(e => e.Item1.Id != r.Id) && r.Id != started.Id.Root);
        ended.AddRange(dead.Take(MaxDeletions - (2 * ended.Count)).Select(r => (r, (string?)null)));
        return (living.Count + 1, ended);
    }

    private SessionRow Granted(UserRow user, Site site, OAuthClient client, SessionId id, SessionRow root, Scope scope, string? resource)
    {
        var now = clock.GetUtcNow();
        return new SessionRow
        {
            UserId = user.Id,
            Id = id,
            Site = site.Name,
            ClientId = client.ClientId,
            Scope = scope,
            Resource = resource,
            AuthTime = root.AuthTime,
            Amr = root.Amr,
            CreatedAt = now,
            LastUsedAt = now,
            IdleExpiresAt = now + IdleLifetime(site, client),
            AbsoluteExpiresAt = now + (client.AbsoluteLifetime ?? site.AbsoluteLifetime ?? options.Value.AbsoluteLifetime),
            Epoch = user.Epoch,
            Device = root.Device,
        };
    }

    private TimeSpan IdleLifetime(Site site, OAuthClient client) => client.IdleLifetime ?? site.IdleLifetime ?? options.Value.IdleLifetime;

    private static SessionSecrets Refreshing(OAuthClient client) =>
        new(null, client.GrantTypes.Contains(GrantTypes.RefreshToken, StringComparer.Ordinal) ? Secret.New() : null);

    private static NewSession Build(UserRow user, Site site, Transport transport, SessionSecrets secrets, SessionRow row) => new(
        row with
        {
            UserId = user.Id,
            SidHash = secrets.Sid?.Hash(),
            CheckHash = transport == Transport.Cookie && SessionCookie.HasCheck(site) ? CheckSecret(secrets.Sid!, row.Id).Hash() : null,
            RefreshHash = secrets.Refresh?.Hash(),
            HandleKey = secrets.Refresh is null ? null : RandomNumberGenerator.GetBytes(Secret.Size),
        },
        secrets);

    /// <summary>The check handle's secret: derived, so that the session cookie's holder alone can make it, and not the other way round.</summary>
    internal static Secret CheckSecret(Secret sid, SessionId id) => sid.Derive("check", id.ToString());

    private static SessionSecrets Random(Site site, Transport transport) => transport == Transport.Body
        ? new(null, Secret.New())
        : new(Secret.New(), site.CookieMode == CookieMode.Stateless ? Secret.New() : null);
}
