using AuthFunctions.EndToEnd.Fixtures;

namespace AuthFunctions.EndToEnd.Hostile;

/// <summary>An attacker begins a handoff of their own session, keeps the link that would complete it, and passes it on (login CSRF).</summary>
[Collection(OnStage.Name)]
public class StolenHandoffTests(Stage stage)
{
    [Fact]
    public Task The_link_signs_nobody_in_in_another_browser_and_is_burnt() => stage.VisitAsync(async attacker =>
    {
        var mallory = await stage.SignInAsync(attacker, stage.Contoso);
        var good = await StealAsync(attacker);
        await attacker.OpenAsync(good);
        await attacker.AssertSignedInAsync(stage.Fabrikam, mallory.Email);

        var stolen = await StealAsync(attacker);
        await stage.VisitAsync(async victim =>
        {
            Assert.Equal(400, await victim.OpenAsync(stolen));
            await victim.AssertSignedInAsync(stage.Fabrikam, null);

            var person = await stage.SignInAsync(victim, stage.Fabrikam);
            Assert.Equal(400, await victim.OpenAsync(stolen));
            await victim.AssertSignedInAsync(stage.Fabrikam, person.Email);
        });

        await attacker.OpenAsync(stolen);
        Assert.Equal($"{stage.Fabrikam.App}/?error=already_used", await FinalAsync(attacker));
    });

    [Fact]
    public Task The_link_works_once_in_the_browser_that_it_belongs_to() => stage.VisitAsync(async visitor =>
    {
        var person = await stage.SignInAsync(visitor, stage.Contoso);
        var link = await StealAsync(visitor);
        await visitor.OpenAsync(link);
        await visitor.AssertSignedInAsync(stage.Fabrikam, person.Email);

        Assert.Equal(400, await visitor.OpenAsync(link));

        await visitor.AssertSignedInAsync(stage.Fabrikam, person.Email);
    });

    [Fact]
    public Task The_link_is_worth_nothing_after_ten_seconds() => stage.VisitAsync(async visitor =>
    {
        await stage.SignInAsync(visitor, stage.Contoso);
        var link = await StealAsync(visitor);
        stage.Service.Clock.Advance(TimeSpan.FromSeconds(10));

        await visitor.OpenAsync(link);

        Assert.Equal($"{stage.Fabrikam.App}/?error=token_expired", await FinalAsync(visitor));
        await visitor.AssertSignedInAsync(stage.Fabrikam, null);
    });

    /// <summary>Walks a handoff to its last step, and takes that link instead of following it.</summary>
    private async Task<string> StealAsync(Visitor visitor)
    {
        var accept = stage.Fabrikam.Auth + "/handoff/accept";
        var stolen = new TaskCompletionSource<string>();
        var start = $"{stage.Fabrikam.Auth}/handoff/start?from=contoso&return_to={Uri.EscapeDataString(stage.Fabrikam.App + "/")}";
        await visitor.OpenAsync(stage.Others.Publish("www.northwind.localhost", $"<a href='{start}'>go</a>"));

        // Playwright's own routes see only where a chain of redirects begins.
        var session = await visitor.Context.NewCDPSessionAsync(visitor.Page);
        await session.SendAsync("Fetch.enable", new() { ["patterns"] = new[] { new { urlPattern = accept + "*" } } });
        session.Event("Fetch.requestPaused").OnEvent += async (_, paused) =>
        {
            var id = paused!.Value.GetProperty("requestId").GetString()!;
            stolen.TrySetResult(paused.Value.GetProperty("request").GetProperty("url").GetString()!);
            await session.SendAsync("Fetch.failRequest", new() { ["requestId"] = id, ["errorReason"] = "Aborted" });
        };
        await visitor.Page.Locator("a").ClickAsync();
        var link = await stolen.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await session.DetachAsync();
        return link;
    }

    /// <summary>The address that the frontend was opened with; it tidies it up at once.</summary>
    private async Task<string> FinalAsync(Visitor visitor)
    {
        await visitor.ArriveAsync(stage.Fabrikam.App + "/");
        return visitor.Requests.Last(r => r.Url.StartsWith(stage.Fabrikam.App + "/?", StringComparison.Ordinal)).Url;
    }
}
