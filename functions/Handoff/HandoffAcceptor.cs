using AuthFunctions.Http;
using AuthFunctions.Protocol;
using AuthFunctions.Sessions;
using AuthFunctions.Sites;
using AuthFunctions.Storage;
using AuthFunctions.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Handoff;

/// <summary>Redeems handoff tokens at the target: the checks of docs/handoff.md §6, in its order, then one transaction.</summary>
public sealed class HandoffAcceptor(
    HandoffTokens tokens, HandoffCookies cookies, HandoffStore handoffs, SessionReader reader, SessionStarter starter,
    ActorReader actors, TokenIssuer issuer, SiteDirectory sites, [FromKeyedServices(TableNames.Users)] ITable table, TimeProvider clock)
{
    private const int MaxTries = 40;

    /// <summary>Checks and redeems a token that a browser brought.</summary>
    public async Task<Acceptance> AcceptAsync(HttpRequest request, string text, CancellationToken ct)
    {
        var site = request.Site();

        // 1. The browser: a handoff cookie whose nonce hashes to the token's. First, so that a stolen token fails before anything else is told.
        if (cookies.Find(request, HandoffTokens.NonceHashOf(text)) is not { } state)
        {
            return await RefuseBrowserAsync(text, site, ct);
        }

        // 2. Signature, type and audience.
        var (token, fault) = await tokens.ReadAsync(text, site, ct);
        if (token is null)
        {
            return new Acceptance.Refused(state, "invalid_token", "handoff token: " + fault);
        }

        // 3. The issuer is the site this browser was sent to, and one that this site accepts from.
        if (token.Issuer != sites.Find(state.From) || !site.AcceptsFrom.Contains(token.Issuer.Name, StringComparer.Ordinal))
        {
            return new Acceptance.Refused(
                state, "issuer_not_accepted", "handoff token: issued by another site than the one asked, or one not accepted from");
        }

        // 4. Ten seconds, no leeway.
        if (token.ExpiresAt <= clock.GetUtcNow())
        {
            return new Acceptance.Refused(state, "token_expired", "handoff token: expired");
        }

        return await RedeemAsync(request, site, state, token, ct);
    }

    /// <summary>A genuine token in the wrong browser was stolen or planted: it is burnt, so that it serves nobody.</summary>
    private async Task<Acceptance> RefuseBrowserAsync(string text, Site site, CancellationToken ct)
    {
        if ((await tokens.ReadAsync(text, site, ct)).Token is { } genuine && genuine.ExpiresAt > clock.GetUtcNow())
        {
            await handoffs.BurnAsync(genuine, ct);
        }

        return new Acceptance.RefusedHere(new Problem(
            400, "wrong_browser", "This link belongs to another browser, or took too long. Start again from the app.")
        {
            Reason = "handoff: no cookie for the token's nonce",
        });
    }

    private async Task<Acceptance> RedeemAsync(HttpRequest request, Site site, HandoffState state, HandoffToken token, CancellationToken ct)
    {
        NewSession? built = null;
        string? accessToken = null;
        for (var tries = 0; tries < MaxTries; tries++)
        {
            // 5. User, root and epoch, from the rows; beside them whoever is signed in here.
            var reading = reader.FindAsync(token.UserId, token.SessionId, ct);
            var here = CurrentAsync(request, site, ct);
            await Task.WhenAll(reading, here);
            if (await reading is not { } found || found.WhyDead(clock.GetUtcNow()) is not null || found.Session.Site != token.Issuer.Name)
            {
                return new Acceptance.Refused(state, "session_ended", "handoff: the source session ended");
            }

            var (user, root, current) = (found.User, found.Root!, await here);

            // Back where the tree began: the browser's session here is the root itself, which must not be replaced by its own child.
            if (current?.Session.Id == root.Id && current.User.Id == user.Id)
            {
                // Its cookies stay as they are, so nothing is signed.
                return await table.CommitAsync([handoffs.Add(new HandoffRow(user.Id, token.TokenId, root.Id))], ct) is Commit.Done
                    || (await handoffs.FindAsync(user.Id, token.TokenId, ct))?.SessionId == root.Id
                    ? new Acceptance.Accepted(state, user, null, null, token.TokenId)
                    : Used(state);
            }

            built ??= starter.NewChild(user, site, root, state.Nonce, token.TokenId, found.Session.Device);
            var started = built with { Row = built.Row with { Epoch = user.Epoch } };

            // Signed before the write that consumes: when the vault fails, the token can be used again.
            accessToken ??= await issuer.AccessTokenAsync(site, user, started.Row, ct);
            var replaced = current?.User.Id == user.Id ? current.Session : null;
            var redeemed = handoffs.Add(new HandoffRow(user.Id, token.TokenId, started.Row.Id));
            switch (await starter.CommitAsync([redeemed], user, started, root, replaced, ct))
            {
                case Commit.Done:
                    return current is null || replaced is not null
                        ? new Acceptance.Accepted(state, user, started, accessToken, token.TokenId)
                        : new Acceptance.OtherPerson(state, user, current.Found, started.Row.Id, token.TokenId);

                case Commit.Conflict { Index: 0 }:
                    return await RepeatAsync(site, state, token, current, ct);
            }
        }

        throw new OutageException("table Users");
    }

    /// <summary>The token was used. By this browser, whose answer got lost, it yields the same session; else nothing.</summary>
    private async Task<Acceptance> RepeatAsync(Site site, HandoffState state, HandoffToken token, Actor.Present? current, CancellationToken ct)
    {
        if (await handoffs.FindAsync(token.UserId, token.TokenId, ct) is not { SessionId: { } sessionId }
            || await FindHandedOverAsync(site, token.UserId, sessionId, state.Nonce, token.TokenId, ct) is not var (user, session))
        {
            return Used(state);
        }

        return current is null || current.User.Id == user.Id
            ? new Acceptance.Accepted(state, user, session, await issuer.AccessTokenAsync(site, user, session.Row, ct), token.TokenId)
            : new Acceptance.OtherPerson(state, user, current.Found, sessionId, token.TokenId);
    }

    /// <summary>A living session that this nonce and token made, with its secrets derived anew; null if there is none.</summary>
    public async Task<HandedOver?> FindHandedOverAsync(
        Site site, string userId, SessionId sessionId, Secret nonce, string tokenId, CancellationToken ct)
    {
        var secrets = SessionStarter.Derive(site, nonce, tokenId);
        return await reader.FindAsync(userId, sessionId, ct) is { } found
            && found.Session.Site == site.Name
            && found.WhyDead(clock.GetUtcNow()) is null
            && secrets.Sid!.Matches(found.Session.SidHash)
            ? new HandedOver(found.User, new NewSession(found.Session, secrets))
            : null;
    }

    private async Task<Actor.Present?> CurrentAsync(HttpRequest request, Site site, CancellationToken ct) =>
        SessionCookie.ReadSid(request) is { } handle ? await actors.BySidAsync(handle, site, ct) as Actor.Present : null;

    private static Acceptance.Refused Used(HandoffState state) => new(state, "already_used", "handoff token: used or burnt before");
}
