using AuthFunctions.Faults.Checking;
using static AuthFunctions.Faults.Load.ServiceClient;

namespace AuthFunctions.Faults.Load;

/// <summary>How people end their sessions, or have them ended.</summary>
internal sealed partial class Person
{
    /// <summary>Signs out: the session's whole tree.</summary>
    public async Task SignOutAsync(Holding holding)
    {
        var (_, entry) = await recorder.InsistAsync(
            new Entry(Verb.SignOut, Key) { Session = holding.Id },
            () => holding.Holder == Holder.Native
                ? Requests.Json(HttpMethod.Post, Contoso + "/logout", bearer: holding.AccessToken)
                : Requests.Frontend(holding.Site + "/logout", new { }, Cookie(holding)),
            (r, d) => r.Status == 204 ? d : r.Code == "session_ended" ? d with { Outcome = Outcome.Refused } : null);
        if (entry.Outcome != Outcome.Unknown)
        {
            LoseWhere(h => SessionTree.Root(h.Id) == SessionTree.Root(holding.Id));
        }
    }

    /// <summary>Signs out on all devices.</summary>
    public async Task SignOutEverywhereAsync(Holding native)
    {
        var (_, entry) = await recorder.InsistAsync(
            new Entry(Verb.SignOutEverywhere, Key) { Session = native.Id },
            () => Requests.Json(HttpMethod.Post, Contoso + "/logout/all", bearer: native.AccessToken),
            (r, d) => r.Status == 204 ? d : r.Code == "session_ended" ? d with { Outcome = Outcome.Refused } : null);

        // Refused after a try without an answer: that one did it, and its session ended with the others.
        LoseWhere(h => entry.Outcome == Outcome.Done || (entry.Outcome == Outcome.Refused && h == native));
    }

    /// <summary>Has demo-web give its session back.</summary>
    public async Task RevokeAsync(Holding web)
    {
        var (_, entry) = await recorder.InsistAsync(
            new Entry(Verb.Revoke, Key) { Session = web.Id },
            () => Requests.Form(Contoso + "/revoke", "demo-web", ("token", web.RefreshToken!)),
            (r, d) => r.Status == 200 ? d : null);
        Lose(entry.Outcome == Outcome.Done ? web : null);
    }

    /// <summary>Redeems a code once more: it was stolen, and what it was redeemed for ends.</summary>
    public async Task ReuseCodeAsync(Holding web)
    {
        var (_, entry) = await recorder.InsistAsync(
            new Entry(Verb.ReuseCode, Key) { Session = web.Id },
            () => RedeemRequest(web.Code!),
            (r, d) => r.Code == "invalid_grant" ? d with { Outcome = Outcome.Refused } : null);
        Lose(entry.Outcome == Outcome.Refused ? web : null);
    }

    /// <summary>Is shut out by an operator, tries in vain, and is let in again; or only has the sessions ended.</summary>
    public async Task MeetOperatorAsync()
    {
        if (random.Next(2) == 0)
        {
            var ended = await operators.EndSessionsAsync(UserId!);
            LoseWhere(_ => ended);
            return;
        }

        mayBeBlocked = true;
        var blocked = await operators.BlockAsync(UserId!);
        LoseWhere(_ => blocked);
        await SignInAsync();
        mayBeBlocked = !await operators.UnblockAsync(UserId!);
    }
}
