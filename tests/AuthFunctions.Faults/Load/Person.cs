using AuthFunctions.Faults.Checking;
using static AuthFunctions.Faults.Load.ServiceClient;

namespace AuthFunctions.Faults.Load;

/// <summary>A person with an account and the sessions that their clients hold. Does one thing at a time, but for tabs that race.</summary>
internal sealed class Person(string email, Recorder recorder, Operator operators, Random random)
{
    private const string Password = "a long enough password";
    private const string SidCookie = "__Host-sid";
    private static readonly TimeSpan LongAgo = TimeSpan.FromDays(1);

    private readonly List<Holding> holdings = [];
    private readonly List<Holding> gone = [];
    private bool mayBeBlocked;

    /// <summary>Null until a sign-up was answered.</summary>
    public string? UserId { get; private set; }

    /// <summary>When the sign-up was answered.</summary>
    public TimeSpan RegisteredAt { get; private set; }

    /// <summary>True until a sign-in has shown that the account is whole.</summary>
    private bool IsNew { get; set; } = true;

    /// <summary>The sessions that are believed to live.</summary>
    public IReadOnlyList<Holding> Holdings => holdings;

    private string Key => UserId ?? email;

    private Holding? Browser => holdings.Find(h => h.Holder == Holder.Browser);

    private Holding? Visitor => holdings.Find(h => h.Holder == Holder.Visitor);

    /// <summary>Signs up. Given up soon: what became of it is settled in the end.</summary>
    public async Task RegisterAsync()
    {
        for (var tries = 0; tries < 3 && UserId is null; tries++)
        {
            var (reply, entry) = await recorder.AskAsync(
                new Entry(Verb.Register, Key),
                Requests.Json(HttpMethod.Post, Contoso + "/register", new { email, password = Password, name = "A Person", transport = "body" }),
                (r, d) => r.Status switch
                {
                    201 => d with { User = Made(r).User, Opened = Made(r).Session },

                    // By a try of ours that got no answer: nobody else has this address. The sign-in that follows proves it.
                    409 when r.Code == "email_taken" => d with { Outcome = Outcome.Refused },
                    _ => null,
                });
            if (entry.Opened is { } session)
            {
                (UserId, RegisteredAt) = (entry.User, entry.End);
                Take(new Holding(Holder.Native, session), reply);
            }
            else if (entry.Outcome == Outcome.Refused)
            {
                await SignInAsync();
            }
        }
    }

    /// <summary>Signs in as a native app does.</summary>
    public async Task SignInAsync()
    {
        var (reply, entry) = await recorder.InsistAsync(
            new Entry(Verb.SignIn, Key),
            () => Requests.Json(HttpMethod.Post, Contoso + "/login", new { email, password = Password, transport = "body" }),
            (r, d) => r.Status switch
            {
                200 => d with { User = Made(r).User, Opened = Made(r).Session },
                403 when r.Code == "blocked" && mayBeBlocked => d with { Outcome = Outcome.Refused },
                _ => null,
            });
        if (entry.Opened is { } session)
        {
            RegisteredAt = UserId is null ? entry.End : RegisteredAt;
            (UserId, IsNew) = (entry.User, false);
            Take(new Holding(Holder.Native, session), reply);
        }
    }

    /// <summary>Signs in in the browser, in place of whoever was signed in there.</summary>
    public async Task SignInInBrowserAsync()
    {
        var old = Browser;
        var (reply, entry) = await recorder.InsistAsync(
            new Entry(Verb.SignIn, Key) { Replaced = old?.Id },
            () => Requests.Frontend(Contoso + "/login", new { email, password = Password }, Cookie(old)),
            (r, d) => r.Status == 200 && r.Cookie(SidCookie) is { } sid ? d with { Opened = Labels.OfSid(sid).Session } : null);
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

    /// <summary>Refreshes; by two tabs at the same moment, if told so.</summary>
    public async Task RefreshAsync(Holding holding, bool race = false)
    {
        var presented = holding.RefreshToken;
        var answers = await Task.WhenAll(Enumerable.Range(0, race ? 2 : 1).Select(_ => RefreshOnceAsync(holding, presented)));
        Believe(holding, presented, answers);
    }

    /// <summary>Has a thief present a secret that is used up.</summary>
    public async Task StealAsync(Holding holding) => Believe(holding, null, [await RefreshOnceAsync(holding, holding.UsedUp!, isTheft: true)]);

    /// <summary>Asks whether the session lives.</summary>
    public async Task LookAsync(Holding holding)
    {
        if (holding.Holder is Holder.Browser or Holder.Visitor)
        {
            await RefreshAsync(holding);
            return;
        }

        var (_, entry) = await recorder.InsistAsync(
            new Entry(Verb.Look, Key) { Session = holding.Id },
            () => holding.Holder == Holder.Native
                ? Requests.Json(HttpMethod.Get, Contoso + "/session?fresh=1", bearer: holding.AccessToken)
                : Requests.Form(Contoso + "/introspect", "demo-web", ("token", holding.AccessToken!)),
            (r, d) => r.Status switch
            {
                200 when holding.Holder == Holder.Native || r.Body.GetProperty("active").GetBoolean() => d,
                200 => d with { Outcome = Outcome.Refused },
                401 when r.Code == "session_ended" => d with { Outcome = Outcome.Refused },
                _ => null,
            });
        Believe(holding, null, [(Reply.None, entry)]);
    }

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

    /// <summary>
    /// Storage took back what it had acknowledged since then: the sign-up, if it was later; else whatever was done since may or may not be so.
    /// </summary>
    public void TakeBack(TimeSpan since)
    {
        mayBeBlocked = UserId is not null;
        if (RegisteredAt > since)
        {
            (UserId, IsNew, mayBeBlocked) = (null, true, false);
        }
    }

    /// <summary>
    /// Settles what is open, when nothing fails any more: the account is whole, each session that is believed to live yields one successor to
    /// two who ask at once, and none that ended lives.
    /// </summary>
    public async Task SettleAsync()
    {
        if (mayBeBlocked)
        {
            mayBeBlocked = !await operators.UnblockAsync(UserId!);
        }

        if (UserId is null)
        {
            await RegisterAsync();
        }
        else if (IsNew)
        {
            await SignInAsync();
        }

        foreach (var ended in gone.ToList())
        {
            await LookAsync(ended);
            await RefreshAsync(ended);
        }

        foreach (var living in holdings.ToList())
        {
            await RefreshAsync(living, race: living.RefreshToken is not null);
        }

        gone.Clear();
    }

    /// <summary>What is known when a scenario begins.</summary>
    public IEnumerable<Entry> Known(TimeSpan now) =>
        holdings.Select(h => new Entry(Verb.Known, Key) { Session = h.Id, Presented = h.Label, Start = now - LongAgo, End = now });

    private async Task<(Reply Reply, Entry Entry)> RefreshOnceAsync(Holding holding, string? presented, bool isTheft = false) =>
        await recorder.InsistAsync(
        new Entry(Verb.Refresh, Key) { Session = holding.Id, Presented = Labels.OfRefresh(presented), IsTheft = isTheft },
        () => holding.Holder switch
        {
            Holder.Native => Requests.Json(HttpMethod.Post, Contoso + "/refresh", new { refresh_token = presented }),
            Holder.Web => Requests.Form(Contoso + "/token", "demo-web", ("grant_type", "refresh_token"), ("refresh_token", presented!)),
            _ => Requests.Frontend(holding.Site + "/refresh", new { }, Cookie(holding)),
        },
        (r, d) => r.Status == 200 ? d with { Returned = Labels.OfRefresh(r.Text("refresh_token")) }
            : r.Code is "session_ended" or "invalid_grant" ? d with { Outcome = Outcome.Refused } : null);

    /// <summary>What a client makes of its answers: it has new tokens, or the session is over.</summary>
    private void Believe(Holding holding, string? presented, IReadOnlyList<(Reply Reply, Entry Entry)> answers)
    {
        if (answers.Any(a => a.Entry.Outcome == Outcome.Refused))
        {
            Lose(holding);
            return;
        }

        foreach (var (reply, _) in answers.Where(a => a.Entry.Outcome == Outcome.Done && a.Reply.Status == 200))
        {
            if (gone.Remove(holding))
            {
                // Undead, says the model; to its client it lives.
                holdings.Add(holding);
            }

            if (reply.Text("refresh_token") is { } token && token != holding.RefreshToken && holding.RefreshToken == presented)
            {
                (holding.UsedUp, holding.Previous, holding.RefreshToken) = (holding.Previous, holding.RefreshToken, token);
            }

            holding.AccessToken = reply.Text("access_token") ?? holding.AccessToken;
        }
    }

    private void Take(Holding holding, Reply reply)
    {
        (holding.RefreshToken, holding.AccessToken) = (reply.Text("refresh_token"), reply.Text("access_token"));
        holdings.Add(holding);
    }

    /// <summary>A session is over, and with a root its tree.</summary>
    private void Lose(Holding? holding) => LoseWhere(h => holding is not null && SessionTree.Ends(holding.Id, h.Id));

    private void LoseWhere(Func<Holding, bool> isOver)
    {
        gone.AddRange(holdings.Where(isOver));
        holdings.RemoveAll(h => gone.Contains(h));
    }

    private static HttpRequestMessage RedeemRequest(string code) => Requests.Form(
        Contoso + "/token", "demo-web",
        ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", Requests.Callback), ("code_verifier", Requests.Verifier));

    private static (string User, string Session) Made(Reply reply) =>
        (reply.Body.GetProperty("user").GetProperty("id").GetString()!, reply.Body.GetProperty("session").GetProperty("id").GetString()!);

    private static string? Cookie(Holding? holding) => holding is null ? null : $"{SidCookie}={holding.Sid}";

    private static bool IsAt(Reply reply, string start) => reply.Status == 303 && reply.Location!.StartsWith(start, StringComparison.Ordinal);
}
