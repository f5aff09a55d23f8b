using AuthFunctions.EndToEnd.Fixtures;

namespace AuthFunctions.EndToEnd.Session;

/// <summary>Refresh at contoso goes by the session handle (Hybrid), at fabrikam by a rotating refresh token (Stateless).</summary>
[Collection(OnStage.Name)]
public class RefreshTests(Stage stage)
{
    private const int Tabs = 20;

    [Theory]
    [InlineData("contoso")]
    [InlineData("fabrikam")]
    public Task A_reload_after_the_access_token_expired_makes_one_refresh_and_nobody_notices(string at) => stage.VisitAsync(async visitor =>
    {
        var site = Site(at);
        var person = await stage.SignInAsync(visitor, site);
        await Frontend.ShowsAsync(visitor.Page, person);
        Assert.Equal(0, visitor.Count("POST", site.Auth + "/refresh"));

        stage.LetAccessTokensExpire();
        await visitor.Page.ReloadAsync();

        await Frontend.ShowsAsync(visitor.Page, person);
        Assert.Equal(1, visitor.Count("POST", site.Auth + "/refresh"));
    });

    [Theory]
    [InlineData("contoso")]
    [InlineData("fabrikam")]
    public Task Twenty_tabs_that_wake_at_once_make_one_refresh_and_none_is_signed_out(string at) => stage.VisitAsync(async visitor =>
    {
        var site = Site(at);
        var person = await stage.SignInAsync(visitor, site);
        var tabs = await OpenTabsAsync(visitor, site);
        await Task.WhenAll(tabs.Select(tab => Frontend.ShowsAsync(tab, person)));

        stage.LetAccessTokensExpire();
        await Task.WhenAll(tabs.Select(tab => Frontend.Button(tab, "Ask again").EvaluateAsync("button => button.click()")));
        await Task.WhenAll(tabs.Select(tab => Frontend.SaysAsync(tab, "Asked the rows.")));

        await Task.WhenAll(tabs.Select(tab => Frontend.ShowsAsync(tab, person)));
        Assert.Equal(1, visitor.Count("POST", site.Auth + "/refresh"));
    });

    [Theory]
    [InlineData("contoso")]
    [InlineData("fabrikam")]
    public Task Twenty_tabs_that_know_nothing_of_each_other_may_all_refresh_and_none_is_signed_out(string at) => stage.VisitAsync(async visitor =>
    {
        var site = Site(at);
        var person = await stage.SignInAsync(visitor, site);
        var tabs = await OpenTabsAsync(visitor, site);

        stage.LetAccessTokensExpire();
        var answers = await Task.WhenAll(tabs.Select(tab => tab.EvaluateAsync<int>(
            """
            async url => (await fetch(url, {
              method: 'POST', credentials: 'include', headers: { 'Content-Type': 'application/json' }, body: '{}',
            })).status
            """,
            site.Auth + "/refresh")));

        Assert.All(answers, status => Assert.Equal(200, status));
        stage.LetAccessTokensExpire();
        await visitor.Page.ReloadAsync();
        await Frontend.ShowsAsync(visitor.Page, person);
    });

    private static async Task<IReadOnlyList<IPage>> OpenTabsAsync(Visitor visitor, Address site)
    {
        var tabs = await Task.WhenAll(Enumerable.Range(1, Tabs - 1).Select(async _ =>
        {
            var tab = await visitor.Context.NewPageAsync();
            await tab.GotoAsync(site.App);
            return tab;
        }));
        return [visitor.Page, .. tabs];
    }

    private Address Site(string name) => name == "contoso" ? stage.Contoso : stage.Fabrikam;
}
