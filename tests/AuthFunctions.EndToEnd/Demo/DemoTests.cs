using AuthFunctions.EndToEnd.Fixtures;
using AuthFunctions.Tests.Fixtures;

namespace AuthFunctions.EndToEnd.Demo;

/// <summary>The first five minutes with the repository: <c>scripts/dev</c>, a browser, and what the README says there is to see.</summary>
[Collection(OnStage.Name)]
public class DemoTests
{
    private static readonly Person Ada = new("ada@contoso.test", "correct horse battery staple", "Ada");

    [Fact]
    public async Task Scripts_dev_serves_two_root_domains_that_share_a_session_and_an_outbox()
    {
        var (port, frontendPort) = (Ports.Free(), Ports.Free());
        await using var dev = await ScriptsDev.StartAsync(port, frontendPort);
        var (contoso, fabrikam) = (Address.Of("contoso", port, frontendPort), Address.Of("fabrikam", port, frontendPort));
        await Visitor.VisitAsync(new Browser(port, TimeProvider.System), Manner.Mouse, "en", nameof(DemoTests), async visitor =>
        {
            await visitor.OpenAsync(contoso.App);
            var form = Frontend.SignIn(visitor.Page);
            await visitor.TypeAsync(form.Locator("input[name=email]"), Ada.Email);
            await visitor.TypeAsync(form.Locator("input[name=password]"), Ada.Password);
            await visitor.PressAsync(form.Locator("button"));
            await Frontend.ShowsAsync(visitor.Page, Ada);
            await visitor.PressAsync(Frontend.Button(visitor.Page, "Load my orders"));
            await Frontend.SaysAsync(visitor.Page, "2 orders: Beans");

            await visitor.GoAsync(Frontend.Button(visitor.Page, "Open at Fabrikam"));
            Assert.Equal(fabrikam.App + "/", visitor.Page.Url);
            await Frontend.ShowsAsync(visitor.Page, Ada);
            await visitor.Page.ReloadAsync();
            await Frontend.ShowsAsync(visitor.Page, Ada);

            await visitor.PressAsync(Frontend.Button(visitor.Page, "Sign out"));
            await Frontend.ShowsNobodyAsync(visitor.Page);
            await visitor.AssertSignedInAsync(contoso, null);

            await visitor.OpenAsync(contoso.Auth + "/forgot");
            await visitor.TypeAsync("email", Ada.Email);
            await visitor.SubmitAsync("/forgot");
            await FollowMailAsync(visitor, contoso);
            await visitor.TypeAsync("new_password", "correct horse battery stapler");
            await visitor.SubmitAsync("/reset");
            await visitor.EnterAsync(Ada.Email, "correct horse battery stapler");
            await visitor.AssertSignedInAsync(contoso, Ada.Email);
        });
    }

    /// <summary>The mail comes by way of a queue, which is polled.</summary>
    private static async Task FollowMailAsync(Visitor visitor, Address site)
    {
        await visitor.OpenAsync(site.Auth + "/dev/outbox");
        for (var tries = 0; tries < 100 && await visitor.Page.Locator("a[href*=\"?token=\"]").CountAsync() == 0; tries++)
        {
            await Task.Delay(100);
            await visitor.Page.ReloadAsync();
        }

        await visitor.FollowAsync("?token=");
    }
}
