using AuthFunctions.Protocol;
using AuthFunctions.Sessions;
using AuthFunctions.Storage;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Users;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Budgets;

/// <summary>What a flow cost.</summary>
/// <param name="Waves">Round trips that read.</param>
/// <param name="PointReads">Rows read in them.</param>
/// <param name="Commits">Transactions written.</param>
/// <param name="Signatures">Signatures, which a vault bills.</param>
internal sealed record Cost(int Waves, int PointReads, int Commits, int Signatures);

internal static class Flow
{
    /// <summary>What a flow costs a service that is warm. It may read single rows alone: a range is never in the budget.</summary>
    public static async Task<Cost> CostAsync(this TestService service, Func<Task> flow)
    {
        service.Counter.Reset();
        service.Keys.Reset();
        await flow();
        Assert.Equal(0, service.Counter.RangeReads);
        Assert.Equal(0, service.Counter.Scans);
        return new(service.Counter.Waves, service.Counter.PointReads, service.Counter.Commits, service.Keys.Signatures);
    }

    /// <summary>The cost of one request that succeeds.</summary>
    public static Task<Cost> CostAsync(this TestService service, int status, Func<Task<HttpResponseMessage>> request) =>
        service.CostAsync(async () =>
        {
            using var answer = await request();
            Assert.True(status == (int)answer.StatusCode, $"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        });

    /// <summary>A native session of a new person at contoso.</summary>
    public static async Task<(string UserId, string AccessToken, string RefreshToken)> NativeAsync(this Browser app, string? email = null)
    {
        using var made = await app.PostAsync(
            Contoso + "/register", new { email = email ?? NewEmail(), password = Password, transport = "body" }, origin: null);
        Assert.Equal(201, (int)made.StatusCode);
        var body = await made.JsonAsync();
        return (body.GetProperty("user").GetProperty("id").GetString()!, body.GetProperty("access_token").GetString()!,
            body.GetProperty("refresh_token").GetString()!);
    }

    /// <summary>A refresh token of an OAuth client, with a session of its own: no flow that begins one is built yet.</summary>
    public static async Task<string> GrantAsync(this TestService service, string userId, string clientId, string scope)
    {
        var user = await service.Get<UserStore>().FindAsync(userId, default);
        var now = service.Clock.GetUtcNow();
        var secret = Secret.New();
        var session = new SessionRow
        {
            UserId = userId,
            Id = SessionId.NewRoot(),
            Site = "contoso",
            ClientId = clientId,
            Scope = Scope.Parse(scope),
            AuthTime = now,
            Amr = ["pwd"],
            CreatedAt = now,
            LastUsedAt = now,
            IdleExpiresAt = now.AddDays(1),
            AbsoluteExpiresAt = now.AddDays(2),
            Epoch = user!.Epoch,
            RefreshHash = secret.Hash(),
            HandleKey = Secret.New().Bytes.ToArray(),
        };
        Assert.IsType<Commit.Done>(await service.Table("Users").CommitAsync([service.Get<SessionStore>().Add(session)], default));
        return RefreshHandle.Issue(session, 0, secret).Write();
    }

    /// <summary>Steps 1 and 2 of a handoff: the URL that the browser is to open next.</summary>
    public static async Task<string> BeginHandoffAsync(this Browser browser, string source = Contoso)
    {
        var (from, target, app) = source == Contoso ? ("contoso", Fabrikam, FabrikamApp) : ("fabrikam", Contoso, ContosoApp);
        using var start = await browser.GetAsync($"{target}/handoff/start?from={from}&return_to={Uri.EscapeDataString(app + "/")}");
        Assert.Equal(303, (int)start.StatusCode);
        using var minted = await browser.GetAsync(start.Headers.Location!.OriginalString);
        Assert.Equal(303, (int)minted.StatusCode);
        return minted.Headers.Location!.OriginalString;
    }

    /// <summary>Step 3: the browser arrives at the app.</summary>
    public static async Task ArriveAsync(this Browser browser, string acceptUrl)
    {
        using var accepted = await browser.GetAsync(acceptUrl);
        Assert.Equal(303, (int)accepted.StatusCode);
        Assert.Equal(acceptUrl.StartsWith(Fabrikam, StringComparison.Ordinal) ? FabrikamApp + "/" : ContosoApp + "/", accepted.Headers.Location!.OriginalString);
    }
}
