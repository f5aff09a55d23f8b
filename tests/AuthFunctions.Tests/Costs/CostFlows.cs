using AuthFunctions.Delivery;
using AuthFunctions.Purge;
using AuthFunctions.SigningKeys;
using AuthFunctions.Storage;
using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Budgets;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Tokens;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Costs;

/// <summary>Something that is counted.</summary>
/// <param name="Name">As the document calls it, and the price of it is looked up.</param>
/// <param name="PrepareAsync">Brings a person of its own so far; what it returns is counted.</param>
internal sealed record CostFlow(string Name, Func<CostStage, Task<Func<Task>>> PrepareAsync);

/// <summary>All that is counted, in the order of the document.</summary>
internal static class CostFlows
{
    /// <summary>On a service where nobody is told of anything.</summary>
    public static readonly IReadOnlyList<CostFlow> Plain =
    [
        new(Flows.SignIn, async stage =>
        {
            var (email, browser) = (NewEmail(), stage.NewBrowser());
            using var registered = await RegisterAsync(stage, email);
            return () => OkAsync(200, browser.PostAsync(Contoso + "/login", new { email, password = Password }));
        }),
        new(Flows.FailedSignIn, async stage =>
        {
            var (email, browser) = (NewEmail(), stage.NewBrowser());
            using var registered = await RegisterAsync(stage, email);
            return () => OkAsync(401, browser.PostAsync(Contoso + "/login", new { email, password = "not the password at all" }));
        }),
        Signed(Flows.Refresh, (_, browser) => OkAsync(200, browser.PostAsync(Contoso + "/refresh"))),
        new(Flows.OAuthRefresh, async stage =>
        {
            var browser = await RegisterAsync(stage, NewEmail());
            var token = (await browser.TokensAsync()).GetProperty("refresh_token").GetString()!;
            return () => OkAsync(200, browser.RefreshAsync(token));
        }),
        new(Flows.DpopRefresh, async stage =>
        {
            var browser = await RegisterAsync(stage, NewEmail());
            var key = new DpopKey(stage.Service);
            await key.LearnNonceAsync(browser);
            var code = await browser.CodeAsync();
            using var redeemed = await key.FormAsync(
                browser, "/token", null, ("grant_type", "authorization_code"), ("client_id", "demo-spa"), ("code", code),
                ("redirect_uri", Ceremony.Callback), ("code_verifier", Ceremony.Verifier));
            var token = (await redeemed.JsonAsync()).GetProperty("refresh_token").GetString()!;
            return () => OkAsync(200, key.FormAsync(
                browser, "/token", null, ("grant_type", "refresh_token"), ("client_id", "demo-spa"), ("refresh_token", token)));
        }),
        Signed(Flows.Check, (_, browser) => OkAsync(200, browser.GetAsync(Contoso + "/session"))),
        Signed(Flows.FreshCheck, (_, browser) => OkAsync(200, browser.GetAsync(Contoso + "/session?fresh=1"))),
        Signed(Flows.CodeFlow, async (_, browser) => await OkAsync(200, browser.RedeemAsync(await browser.CodeAsync()))),
        Signed(Flows.Handoff, async (_, browser) => await browser.ArriveAsync(await browser.BeginHandoffAsync())),
        new(Flows.Introspect, async stage =>
        {
            var browser = await RegisterAsync(stage, NewEmail());
            using var redeemed = await browser.RedeemAtAsync(
                Contoso, OAuthCalls.Web, await browser.CodeAsync(("client_id", "demo-web")), ("client_id", null));
            var token = (await redeemed.JsonAsync()).GetProperty("access_token").GetString()!;
            return async () => Assert.True(await browser.IsActiveAsync(OAuthCalls.Web, token));
        }),
        Signed(Flows.ClientCredentials, (_, browser) => OkAsync(200, browser.FormAsync(
            Contoso + "/token", OAuthCalls.Machine, ("grant_type", "client_credentials")))),
        Signed(Flows.Sessions, (_, browser) => OkAsync(200, browser.GetAsync(Contoso + "/sessions"))),
        Signed(Flows.SignOut, (_, browser) => OkAsync(204, browser.PostAsync(Contoso + "/logout"))),
        Signed(Flows.Jwks, (_, browser) => OkAsync(200, browser.GetAsync(Contoso + "/.well-known/jwks.json"))),
        new(Flows.Requeue, stage => Task.FromResult(() => stage.Service.Make<RequeueFunction>().RunAsync(new TimerInfo(), default))),
        new(Flows.KeyRotation, stage => Task.FromResult(() => stage.Service.Make<KeyRotationFunction>().RunAsync(new TimerInfo(), default))),
        new(Flows.PurgeNothing, stage => Task.FromResult(() => PurgeAsync(stage.Service))),
        new(Flows.PurgeRows, async stage =>
        {
            var (user, past) = (Guid.NewGuid().ToString("N"), stage.Clock.GetUtcNow().AddDays(-1));
            await stage.Service.Table(TableNames.Users).CommitAsync(
                [.. Enumerable.Range(0, 100).Select(n => new Change.Add(new Row(user, $"event_{n:D3}", Columns.Of((Row.ExpiresAt, past)))))],
                default);
            return () => PurgeAsync(stage.Service);
        }),
    ];

    /// <summary>On a service where addresses are confirmed, and demo-web is told of endings.</summary>
    public static readonly IReadOnlyList<CostFlow> Telling =
    [
        new(Flows.SignUp, stage =>
        {
            var browser = stage.NewBrowser();
            return Task.FromResult<Func<Task>>(() => AskAsync(browser));
        }),
        new(Flows.Mail, async stage =>
        {
            var browser = stage.NewBrowser();
            await AskAsync(browser);
            return stage.Service.DeliverAsync;
        }),
        new(Flows.Confirm, async stage =>
        {
            var browser = stage.NewBrowser();
            await AskAsync(browser);
            var link = await stage.Service.LinkAsync();
            return () => ConfirmAsync(browser, link);
        }),
        new(Flows.SignOutTold, async stage =>
        {
            var browser = await WithWebClientAsync(stage);
            return () => OkAsync(204, browser.PostAsync(Contoso + "/logout"));
        }),
        new(Flows.Notice, async stage =>
        {
            var browser = await WithWebClientAsync(stage);
            await OkAsync(204, browser.PostAsync(Contoso + "/logout"));
            return stage.Service.DeliverAsync;
        }),
    ];

    /// <summary>The names of all, those together that belong together.</summary>
    public static IEnumerable<string> InOrder =>
        new[] { Plain.Take(2), Telling.Take(3), Plain.Skip(2).Take(11), Telling.Skip(3), Plain.Skip(13) }.SelectMany(f => f).Select(f => f.Name);

    /// <summary>A flow of somebody who has just registered.</summary>
    private static CostFlow Signed(string name, Func<CostStage, Browser, Task> flow) => new(name, async stage =>
    {
        var browser = await RegisterAsync(stage, NewEmail());
        return () => flow(stage, browser);
    });

    private static async Task<Browser> RegisterAsync(CostStage stage, string email)
    {
        var browser = stage.NewBrowser();
        await OkAsync(201, browser.PostAsync(Contoso + "/register", new { email, password = Password, name = "Ada Lovelace" }));
        return browser;
    }

    private static async Task<Browser> WithWebClientAsync(CostStage stage)
    {
        var browser = stage.NewBrowser();
        await AskAsync(browser);
        await ConfirmAsync(browser, await stage.Service.LinkAsync());
        await OkAsync(200, browser.RedeemAtAsync(Contoso, OAuthCalls.Web, await browser.CodeAsync(("client_id", "demo-web")), ("client_id", null)));
        return browser;
    }

    /// <summary>Registers where the address is to be confirmed.</summary>
    private static Task AskAsync(Browser browser) =>
        OkAsync(202, browser.PostAsync(Contoso + "/register", new { email = NewEmail(), password = Password, name = "Ada Lovelace" }));

    private static async Task ConfirmAsync(Browser browser, string link)
    {
        using var form = await browser.GetAsync(link);
        await OkAsync(303, browser.SubmitAsync(Contoso + "/verify", await form.Content.ReadAsStringAsync(), ("password", Password)));
    }

    private static Task PurgeAsync(TestService service) => service.Make<PurgeFunction>().RunAsync(new TimerInfo(), default);

    private static T Make<T>(this TestService service) => ActivatorUtilities.CreateInstance<T>(service.Services);

    private static async Task OkAsync(int status, Task<HttpResponseMessage> request)
    {
        using var answer = await request;
        Assert.True(status == (int)answer.StatusCode, $"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
    }
}

/// <summary>The names of what is counted.</summary>
internal static class Flows
{
    public const string SignIn = "sign-in";
    public const string FailedSignIn = "sign-in with a wrong password";
    public const string SignUp = "sign-up, until its mail";
    public const string Mail = "mail, delivered";
    public const string Confirm = "sign-up, from its link on";
    public const string Refresh = "refresh by cookie";
    public const string OAuthRefresh = "refresh token at /token";
    public const string DpopRefresh = "the same with DPoP";
    public const string Check = "session check, local";
    public const string FreshCheck = "session check, fresh";
    public const string CodeFlow = "code flow: authorize, redeem";
    public const string Handoff = "handoff, three steps";
    public const string Introspect = "introspection";
    public const string ClientCredentials = "client credentials";
    public const string Sessions = "list of sessions";
    public const string SignOut = "sign-out";
    public const string SignOutTold = "sign-out, one client to tell";
    public const string Notice = "logout notice, delivered";
    public const string Jwks = "key set";
    public const string Requeue = "timer Requeue, nothing left over";
    public const string KeyRotation = "timer KeyRotation, nothing due";
    public const string PurgeNothing = "timer Purge, nothing expired";
    public const string PurgeRows = "timer Purge, 100 rows of a person";
    public const string Start = "start of an instance";
    public const string FirstToken = "its first sign-in, besides";
    public const string Reload = "reload of the keys";
}
