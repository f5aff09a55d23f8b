using AuthFunctions.Faults.Checking;
using static AuthFunctions.Faults.Load.ServiceClient;

namespace AuthFunctions.Faults.Load;

/// <summary>What people do in a browser: its session is carried to the other site, and grants clients theirs.</summary>
internal sealed partial class Person
{
    /// <summary>Signs in in the browser, in place of whoever was signed in there.</summary>
    public async Task SignInInBrowserAsync()
    {
        var old = Browser;
        var (reply, entry) = await recorder.InsistAsync(
            new Entry(Verb.SignIn, Key) { Replaced = old?.Id },
            () => Requests.Frontend(Contoso + "/login", new { email, password = Password }, Cookie(old)),
            (r, d) => r.Status == 200 && r.Cookie(SidCookie) is { } sid ? d with { Opened = Labels.OfSid(sid).Session }
                : IsShutOut(r) ? d with { Replaced = null, Outcome = Outcome.Refused } : null);
        if (entry.Opened is { } session)
        {
            Lose(old);
            holdings.Add(new Holding(Holder.Browser, session) { Sid = reply.Cookie(SidCookie) });
        }
    }

    /// <summary>Carries the browser's session to the other site.</summary>
    public async Task HandOffAsync()
    {
        if (Browser is not { } browser)
        {
            return;
        }

        var visitor = Visitor;
        var (started, _) = await recorder.InsistAsync(
            new Entry(Verb.Look, Key),
            () => Requests.Navigation(
                $"{Fabrikam}/handoff/start?from=contoso&return_to={Uri.EscapeDataString("http://app.fabrikam.localhost:5173/")}", null),
            (r, d) => r.Status == 303 ? d : null);
        if (started.Cookies.FirstOrDefault(c => c.Name.StartsWith("__Host-handoff-", StringComparison.Ordinal)) is not { } cookie)
        {
            return;
        }

        var (minted, _) = await recorder.InsistAsync(
            new Entry(Verb.Look, Key) { Session = browser.Id },
            () => Requests.Navigation(started.Location!, Cookie(browser)),
            (r, d) => IsAt(r, Fabrikam + "/handoff/accept?token=") ? d : IsAt(r, "/signin") ? d with { Outcome = Outcome.Refused } : null);
        if (!IsAt(minted, Fabrikam))
        {
            Lose(minted.Status == 303 ? browser : null);
            return;
        }

        var (accepted, entry) = await recorder.InsistAsync(
            new Entry(Verb.HandOff, Key) { Session = browser.Id, Presented = Labels.Of(minted.Location!), Replaced = visitor?.Id },
            () => Requests.Navigation(minted.Location!, $"{cookie.Name}={cookie.Value}{(visitor is null ? "" : "; " + Cookie(visitor))}"),
            (r, d) => r.Cookie(SidCookie) is { } sid ? d with { Opened = Labels.OfSid(sid).Session }
                : r.Location?.Contains("error=session_ended", StringComparison.Ordinal) == true ? d with { Outcome = Outcome.Refused }

                // It took longer than the token's ten seconds.
                : r.Location?.Contains("error=token_expired", StringComparison.Ordinal) == true ? d with { Session = null, Outcome = Outcome.Refused }
                : null);
        if (entry.Opened is { } session)
        {
            Lose(visitor);
            holdings.Add(new Holding(Holder.Visitor, session) { Sid = accepted.Cookie(SidCookie) });
        }
        else if (entry is { Outcome: Outcome.Refused, Session: not null })
        {
            Lose(browser);
        }
    }

    /// <summary>Grants demo-web a session by the browser's: one that ends with it, or one that does not.</summary>
    public async Task GrantAsync()
    {
        if (Browser is not { } browser)
        {
            return;
        }

        var url = Requests.AuthorizeUrl(random.Next(2) == 0 ? "openid" : "openid offline_access");
        var (granted, look) = await recorder.InsistAsync(
            new Entry(Verb.Look, Key) { Session = browser.Id },
            () => Requests.Navigation(url, Cookie(browser)),
            (r, d) => IsAt(r, Requests.Callback) && r.Location!.Contains("code=", StringComparison.Ordinal) ? d
                : IsAt(r, "/signin") ? d with { Outcome = Outcome.Refused } : null);
        if (look.Outcome != Outcome.Done)
        {
            Lose(look.Outcome == Outcome.Refused ? browser : null);
            return;
        }

        var code = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(new Uri(granted.Location!).Query)["code"].ToString();
        var (reply, entry) = await recorder.InsistAsync(
            new Entry(Verb.Redeem, Key) { Session = browser.Id, Presented = Labels.Of(code) },
            () => RedeemRequest(code),
            (r, d) => r.Text("refresh_token") is { } token ? d with { Opened = Labels.SessionOf(token) }

                // Redeemed by a try that got no answer, which ends what that made; or too late.
                : r.Code == "invalid_grant" ? d with { Session = null, Outcome = Outcome.Refused } : null);
        if (entry.Opened is { } session)
        {
            Take(new Holding(Holder.Web, session) { Code = code }, reply);
        }
    }

    private static bool IsAt(Reply reply, string start) => reply.Status == 303 && reply.Location!.StartsWith(start, StringComparison.Ordinal);
}
