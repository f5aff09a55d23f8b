using AuthFunctions.Protocol;
using AuthFunctions.Sessions;
using AuthFunctions.Storage;
using AuthFunctions.Tokens;

namespace AuthFunctions.Handoff;

/// <summary>
/// At the target: the client that a handoff assertion names redeems it (RFC 7523 §2.1) for a child session of the same root. The checks of
/// docs/handoff.md §9, in its order, then one transaction.
/// </summary>
public sealed class HandoffAssertionGrant(
    HandoffAssertions assertions, HandoffStore handoffs, SessionReader reader, SessionStore sessions, SessionStarter starter, SessionEnder ender,
    TokenIssuer issuer, Pseudonyms pseudonyms, TimeProvider clock) : IGrant
{
    private const int MaxTries = 40;

    /// <inheritdoc/>
    public string GrantType => GrantTypes.JwtBearer;

    /// <inheritdoc/>
    public async Task<GrantResult> RedeemAsync(GrantRequest request, CancellationToken ct)
    {
        var (client, site) = (request.Client, request.Site);
        if (!client.IsConfidential)
        {
            return new GrantResult.Rejected(OAuthError.UnauthorizedClient("a public client cannot redeem a handoff"));
        }

        if (request.Form["assertion"] is not { } text)
        {
            return new GrantResult.Rejected(OAuthError.InvalidRequest("assertion is missing"));
        }

        // 1 to 3. Before anything is asked of the rows: nobody else may use it up, nor end what it made.
        var (assertion, fault) = await assertions.ReadAsync(text, site, ct);
        if (assertion is null)
        {
            return Reject(fault!);
        }

        if (!site.AcceptsFrom.Contains(assertion.Issuer.Name, StringComparer.Ordinal))
        {
            return Reject("issued by a site that is not accepted from");
        }

        if (assertion.ClientId != client.ClientId)
        {
            return Reject("names another client");
        }

        // RFC 7521 §4.1: less than the assertion allows, and never more than the client may have.
        var allowed = Scope.Of(assertion.Scope.Values.Where(client.Scopes.Contains));
        if (!Scope.TryParse(request.Form["scope"], out var asked) || !asked.IsWithin(allowed))
        {
            return new GrantResult.Rejected(OAuthError.InvalidScope("malformed, wider than the assertion, or not this client's"));
        }

        var (resource, targetFault) = ResourceParameter.Read(request.Form, client);
        return targetFault is not null
            ? new GrantResult.Rejected(targetFault)
            : await RedeemAsync(request, assertion, request.Form["scope"] is null ? allowed : asked, resource, ct);
    }

    private async Task<GrantResult> RedeemAsync(
        GrantRequest request, HandoffAssertion assertion, Scope scope, string? resource, CancellationToken ct)
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var looking = handoffs.FindAsync(assertion.UserId, assertion.TokenId, ct);
            var reading = reader.FindAsync(assertion.UserId, assertion.SessionId, ct);
            await Task.WhenAll(looking, reading);

            // 4. The same client brings it again: its answer got lost, or somebody else has both the assertion and the client's credentials. The
            // browser's repetition gets its session once more because the secrets are derived from a nonce that only it knows; here they could
            // only be derived from the assertion, which the source knows too. A back end asks for another assertion without a person noticing,
            // so what the lost answer made is ended, and nothing is left over.
            if (await looking is { } used)
            {
                if (used.SessionId is { } made && await sessions.FindAsync(assertion.UserId, made, ct) is { } session)
                {
                    await ender.EndAsync(session, EndReasons.HandoffReused, ct);
                }

                return Reject("used before; what it made is ended");
            }

            // 5. Ten seconds, no leeway.
            if (assertion.ExpiresAt <= clock.GetUtcNow())
            {
                return Reject("expired");
            }

            // 6. User, root and epoch, from the rows.
            if (await reading is not { } found || found.WhyDead(clock.GetUtcNow()) is not null || found.Session.Site != assertion.Issuer.Name)
            {
                return Reject("the source session ended");
            }

            var started = starter.NewGrant(found.User, request.Site, request.Client, found.Root!, scope, resource, request.SessionDpopKey);

            // Signed before the write that consumes: when the vault fails, the assertion can be used again.
            var tokens = await issuer.IssueAsync(
                request.Site, found.User, started.Row, scope, resource ?? request.Site.DefaultAudience, ct,
                new() { DpopKey = request.DpopKey });
            var redeemed = handoffs.Add(new HandoffRow(found.User.Id, assertion.TokenId, started.Row.Id));
            if (await starter.CommitAsync([redeemed], found.User, started, found.Root, null, ct) is Commit.Done)
            {
                return new GrantResult.Issued(new TokenResponse(tokens.AccessToken, request.TokenType, tokens.ExpiresInSeconds, scope.ToString())
                {
                    IdToken = tokens.IdToken,
                    RefreshToken = started.Secrets.Refresh is { } refresh
                        ? await pseudonyms.WriteAsync(request.Client, RefreshHandle.Issue(started.Row, 0, refresh).Write(), ct)
                        : null,
                });
            }
        }

        throw new OutageException("table Users");
    }

    private static GrantResult.Rejected Reject(string reason) => new(OAuthError.InvalidGrant("handoff assertion: " + reason));
}
