using AuthFunctions.Protocol;
using AuthFunctions.Sessions;
using AuthFunctions.Storage;
using AuthFunctions.Tokens;
using AuthFunctions.Users;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Device;

/// <summary>
/// Answers a device's polls (RFC 8628 §3.4, §3.5), and redeems its code once a person has allowed it. Whether one has is told by the row in that
/// person's partition alone, so nothing has to be written elsewhere after the approval for it to count.
/// </summary>
public sealed class DeviceCodeGrant(
    DeviceCodeStore codes, DeviceApprovalStore approvals, SessionReader reader, SessionStore sessions, SessionStarter starter, SessionEnder ender,
    UserStore users, TokenIssuer issuer, Pseudonyms pseudonyms, [FromKeyedServices(TableNames.Users)] ITable table, TimeProvider clock) : IGrant
{
    private const int MaxTries = 40;

    /// <summary>RFC 8628 §3.5.</summary>
    private static readonly TimeSpan SlowDownBy = TimeSpan.FromSeconds(5);

    /// <summary>How much faster than the poll before it one may travel here: no client can be blamed for the network.</summary>
    private static readonly TimeSpan Jitter = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public string GrantType => GrantTypes.DeviceCode;

    /// <inheritdoc/>
    public async Task<GrantResult> RedeemAsync(GrantRequest request, CancellationToken ct)
    {
        if (DeviceCodeHandle.Read(request.Form["device_code"]) is not { } handle)
        {
            return request.Form["device_code"] is null
                ? new GrantResult.Rejected(OAuthError.InvalidRequest("device_code is missing"))
                : Reject("malformed device code");
        }

        for (var tries = 0; tries < MaxTries; tries++)
        {
            if (await codes.FindAsync(handle.UserCode, ct) is not { } code || !handle.Secret.Matches(code.SecretHash))
            {
                return Reject("unknown device code");
            }

            // Before anything else: whoever is not the client may neither slow it down nor end what it has.
            if (code.ClientId != request.Client.ClientId || code.Site != request.Site.Name)
            {
                return Reject("device code issued to another client, or at another site");
            }

            if (await AnswerAsync(request, code, ct) is { } result)
            {
                return result;
            }
        }

        throw new OutageException("table DeviceCodes");
    }

    /// <summary>The answer to a poll; null if something changed meanwhile.</summary>
    private async Task<GrantResult?> AnswerAsync(GrantRequest request, DeviceCodeRow code, CancellationToken ct)
    {
        DeviceApprovalRow? approval = null;
        FoundSession? found = null;
        if (code.Claim is var (userId, sessionId))
        {
            var approving = approvals.FindAsync(userId, sessionId, ct);
            var reading = reader.FindAsync(userId, sessionId, ct);
            await Task.WhenAll(approving, reading);
            (approval, found) = (await approving, await reading);
        }

        if (approval is { Redeemed: true })
        {
            // As with an authorization code (RFC 6749 §4.1.2): who brought it first cannot be told, so both lose the session. A device whose
            // answer was lost has no use for it either, and begins anew.
            if (found is not null)
            {
                await ender.EndAsync(found.Session, EndReasons.CodeReused, ct);
            }

            return Reject("device code redeemed before; what it issued is ended");
        }

        if (code.Denied)
        {
            return new GrantResult.Rejected(OAuthError.AccessDenied("the person at the page said no"));
        }

        if (code.ExpiresAt <= clock.GetUtcNow())
        {
            return new GrantResult.Rejected(OAuthError.ExpiredToken());
        }

        // A claim without an approval: somebody is answering at this moment, or their answer did not come about and they will try again.
        if (approval is null)
        {
            return await WaitAsync(code, ct);
        }

        return found is null || found.WhyDead(clock.GetUtcNow()) is not null
            ? Reject("the approved session ended before the device came for it")
            : await TryRedeemAsync(request, code, approval, found, ct);
    }

    private async Task<GrantResult?> WaitAsync(DeviceCodeRow code, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var early = code.PolledAt is { } last && now - last < code.Interval - Jitter;
        var polled = code with { PolledAt = now, Interval = early ? code.Interval + SlowDownBy : code.Interval };
        return await codes.TryReplaceAsync(polled, ct)
            ? new GrantResult.Rejected(early ? OAuthError.SlowDown() : OAuthError.AuthorizationPending())
            : null;
    }

    private async Task<GrantResult?> TryRedeemAsync(
        GrantRequest request, DeviceCodeRow code, DeviceApprovalRow approval, FoundSession found, CancellationToken ct)
    {
        var collected = starter.Collect(found.User, request.Site, request.Client, found.Session, request.SessionDpopKey);
        var tokens = await issuer.IssueAsync(
            request.Site, found.User, collected.Row, code.Scope, code.Resource ?? request.Site.DefaultAudience, ct,
            new() { DpopKey = request.DpopKey });

        // The user row proves that no block, password change or sign-out everywhere came between the reads and this.
        if (await table.CommitAsync(
            [approvals.Redeem(approval), sessions.Replace(collected.Row), users.Replace(found.User)], ct) is Commit.Conflict)
        {
            return null;
        }

        return new GrantResult.Issued(new TokenResponse(tokens.AccessToken, request.TokenType, tokens.ExpiresInSeconds, code.Scope.ToString())
        {
            IdToken = tokens.IdToken,
            RefreshToken = collected.Secrets.Refresh is { } refresh
                ? await pseudonyms.WriteAsync(request.Client, RefreshHandle.Issue(collected.Row, 0, refresh).Write(), ct)
                : null,
        });
    }

    private static GrantResult.Rejected Reject(string reason) => new(OAuthError.InvalidGrant(reason));
}
