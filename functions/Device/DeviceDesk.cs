using AuthFunctions.Clients;
using AuthFunctions.Events;
using AuthFunctions.Http;
using AuthFunctions.Protocol;
using AuthFunctions.Sessions;
using AuthFunctions.Sites;
using AuthFunctions.Storage;
using AuthFunctions.Tokens;
using AuthFunctions.Users;
using Microsoft.AspNetCore.Http;

namespace AuthFunctions.Device;

/// <summary>What a code that a person typed turned out to be.</summary>
public abstract record DeviceLookup
{
    private DeviceLookup()
    {
    }

    /// <summary>It waits for an answer, which this person may give.</summary>
    public sealed record Found(DeviceCodeRow Code, OAuthClient Client) : DeviceLookup;

    /// <summary>It does not, or too many guesses came before it.</summary>
    public sealed record Refused(Problem Problem) : DeviceLookup;
}

/// <summary>
/// Finds what a person typed, and takes the answer. A yes is two writes: the code's row first says where the answer will be (the claim), then the
/// approval and its session are one transaction in the person's partition, and that alone counts. After a crash between the two the poll goes on
/// waiting and the same person can press again; nobody else can, so there is never a second session.
/// </summary>
public sealed class DeviceDesk(
    DeviceCodeStore codes, DeviceApprovalStore approvals, ConsentStore consents, EventStore events, SessionReader reader, SessionStarter starter,
    ClientDirectory clients, Throttle throttle, ClientAddress addresses, TimeProvider clock)
{
    private const int MaxTries = 40;

    /// <summary>
    /// The request behind a code. Guesses are counted by person and address, and no success resets them: codes of one's own are free.
    /// </summary>
    public async Task<DeviceLookup> FindAsync(HttpRequest request, Actor.Present actor, string typed, CancellationToken ct)
    {
        List<ThrottleKey> keys = [ThrottleKey.OfUser(actor.User.Id)];
        if (addresses.Of(request) is { } address)
        {
            keys.Add(ThrottleKey.OfAddress(address));
        }

        var counting = throttle.ReadAsync(keys, ct);
        var finding = UserCode.TryParse(typed, out var userCode) ? codes.FindAsync(userCode, ct) : Task.FromResult<DeviceCodeRow?>(null);
        await Task.WhenAll(counting, finding);
        if (throttle.DelayOf(await counting) is { Ticks: > 0 } delay)
        {
            return Refuse(new Problem(429, "too_many_attempts", "Too many codes were wrong. Try again later.")
            {
                Text = new("too_many_codes"),
                RetryAfter = delay,
            });
        }

        if (await finding is { } code && IsOpenTo(code, actor, request.Site()) && clients.Find(request.Site(), code.ClientId) is { } client)
        {
            return new DeviceLookup.Found(code, client);
        }

        await throttle.FailAsync(await counting, ct);
        return Refuse(new Problem(400, "invalid_user_code", "This code is wrong, was used, or has expired.") { Field = "user_code" });
    }

    /// <summary>Lets the device in. False if it cannot be any more: look again.</summary>
    public async Task<bool> AllowAsync(DeviceLookup.Found asked, Actor.Present actor, Site site, CancellationToken ct)
    {
        // An answer that is repeated keeps the session of the first.
        if (await ChangeAsync(asked.Code, actor, site, c => c with { Claim = c.Claim ?? new(actor.User.Id, SessionId.NewRoot()) }, ct) is not
            { Claim.SessionId: var sessionId } code)
        {
            return false;
        }

        for (var tries = 0; tries < MaxTries; tries++)
        {
            var reading = reader.FindAsync(actor.User.Id, actor.Session.Id, ct);
            var consenting = consents.FindAsync(actor.User.Id, asked.Client.ClientId, ct);
            await Task.WhenAll(reading, consenting);
            if (await reading is not { } granting || granting.WhyDead(clock.GetUtcNow()) is not null)
            {
                return false;
            }

            var approval = new DeviceApprovalRow(actor.User.Id, sessionId, Redeemed: false, code.ExpiresAt);
            var started = starter.NewDevice(
                granting.User, site, asked.Client, sessionId, granting.Root!, code.Scope, code.Resource, code.ExpiresAt);
            var consent = Consent(asked, await consenting, actor);
            switch (await starter.CommitAsync([approvals.Add(approval), .. consent], granting.User, started, granting.Root, null, ct))
            {
                // Allowed before: the answer was lost, or the button was pressed twice.
                case Commit.Done or Commit.Conflict { Index: 0 }:
                    return true;
            }
        }

        throw new OutageException("table Users");
    }

    /// <summary>What a third party is let have is on record as after <c>/consent</c>, and can be taken back. The team's own ask nobody.</summary>
    private Change[] Consent(DeviceLookup.Found asked, ConsentRow? given, Actor.Present actor)
    {
        if (asked.Client.FirstParty)
        {
            return [];
        }

        var (userId, clientId) = (actor.User.Id, asked.Client.ClientId);
        var scope = Scope.Of([.. given?.Scope.Values ?? [], .. asked.Code.Scope.Values]);
        return
        [
            consents.Save(new ConsentRow(userId, clientId, scope, clock.GetUtcNow()) { ETag = given?.ETag ?? default }),
            events.Add(userId, new(EventKinds.ConsentGiven) { Site = asked.Code.Site, SessionId = actor.Session.Id.ToString(), ClientId = clientId }),
        ];
    }

    /// <summary>Keeps the device out. False if it cannot be any more, because it was let in before.</summary>
    /// <remarks>Pressed at the same moment as the other button, this one wins: a poll asks it first.</remarks>
    public async Task<bool> DenyAsync(DeviceLookup.Found asked, Actor.Present actor, Site site, CancellationToken ct) =>
        (asked.Code.Claim is not { } claim || await approvals.FindAsync(claim.UserId, claim.SessionId, ct) is null)
        && await ChangeAsync(asked.Code, actor, site, c => c with { Denied = true }, ct) is not null;

    /// <summary>Changes a request that polls change too; null if this person cannot answer it any more.</summary>
    private async Task<DeviceCodeRow?> ChangeAsync(
        DeviceCodeRow code, Actor.Present actor, Site site, Func<DeviceCodeRow, DeviceCodeRow> change, CancellationToken ct)
    {
        var current = code;
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var changed = change(current);
            if (await codes.TryReplaceAsync(changed, ct))
            {
                return changed;
            }

            if (await codes.FindAsync(code.UserCode, ct) is not { } found || !IsOpenTo(found, actor, site))
            {
                return null;
            }

            current = found;
        }

        throw new OutageException("table DeviceCodes");
    }

    private bool IsOpenTo(DeviceCodeRow code, Actor.Present actor, Site site) =>
        code.Site == site.Name && code.ExpiresAt > clock.GetUtcNow() && !code.Denied && (code.Claim is null || code.Claim.UserId == actor.User.Id);

    private static DeviceLookup.Refused Refuse(Problem problem) => new(problem);
}
