using AuthFunctions.Faults.Checking;
using static AuthFunctions.Faults.Load.ServiceClient;

namespace AuthFunctions.Faults.Load;

/// <summary>A person with an account and the sessions that their clients hold. Does one thing at a time, but for tabs that race.</summary>
internal sealed partial class Person(string email, Recorder recorder, Operator operators, Random random)
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
                _ => IsShutOut(r) ? d with { Outcome = Outcome.Refused } : null,
            });
        if (entry.Opened is { } session)
        {
            RegisteredAt = UserId is null ? entry.End : RegisteredAt;
            (UserId, IsNew) = (entry.User, false);
            Take(new Holding(Holder.Native, session), reply);
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

    /// <summary>True if an operator's block is the answer, and one may be in force: it was not lifted, or nobody knows.</summary>
    private bool IsShutOut(Reply reply) => mayBeBlocked && reply is { Status: 403, Code: "blocked" };

    private static (string User, string Session) Made(Reply reply) =>
        (reply.Body.GetProperty("user").GetProperty("id").GetString()!, reply.Body.GetProperty("session").GetProperty("id").GetString()!);

    private static string? Cookie(Holding? holding) => holding is null ? null : $"{SidCookie}={holding.Sid}";
}
