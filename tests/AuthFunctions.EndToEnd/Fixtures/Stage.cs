using System.Runtime.CompilerServices;
using AuthFunctions.Handoff;
using AuthFunctions.Tests.Fixtures;

namespace AuthFunctions.EndToEnd.Fixtures;

/// <summary>
/// A deployment that browsers can visit: the service with its two sites on Azurite, the demo frontends, and other sites. Settings are the
/// sample's but for what production has by default (addresses are confirmed, <c>Handoff:Confirm</c>), and fabrikam is Stateless, so that both
/// ways to refresh are walked. Time stands still until a test moves it.
/// </summary>
public sealed class Stage : IAsyncLifetime
{
    private TestService? service;
    private Frontends? frontends;
    private OtherSites? others;

    public Address Contoso { get; private set; } = null!;

    public Address Fabrikam { get; private set; } = null!;

    internal TestService Service => service!;

    internal OtherSites Others => others!;

    public async Task InitializeAsync()
    {
        var (port, frontendPort) = (Ports.Free(), Ports.Free());
        Contoso = Address.Of("contoso", port, frontendPort);
        Fabrikam = Address.Of("fabrikam", port, frontendPort);
        var settings = TestService.Sample().ToDictionary(
            s => s.Key,
            s => s.Value?.Replace(".localhost:7071", $".localhost:{port}", StringComparison.Ordinal)
                .Replace(".localhost:5173", $".localhost:{frontendPort}", StringComparison.Ordinal));
        settings["Accounts:ConfirmEmail"] = "true";
        settings["Handoff:Confirm"] = $"{new HandoffOptions().Confirm}";
        settings["Sites:fabrikam:CookieMode"] = "Stateless";
        settings["AzureWebJobsStorage"] = "";
        service = await TestService.StartOnAzuriteAsync(settings, port: port);
        frontends = await Frontends.StartAsync(port, frontendPort);
        others = await OtherSites.StartAsync(Ports.Free());
    }

    public async Task DisposeAsync()
    {
        frontends?.Dispose();
        await (others?.DisposeAsync() ?? default);
        await (service?.DisposeAsync() ?? default);
    }

    /// <summary>Lets somebody visit with a browser profile of their own.</summary>
    internal Task VisitAsync(Manner manner, Func<Visitor, Task> visit, string locale = "en", [CallerMemberName] string test = "") =>
        Visitor.VisitAsync(Service.NewBrowser(), manner, locale, test, visit);

    internal Task VisitAsync(Func<Visitor, Task> visit, [CallerMemberName] string test = "") => VisitAsync(Manner.Mouse, visit, test: test);

    /// <summary>Registers somebody at a site, and confirms the address.</summary>
    internal async Task<Person> RegisterAsync(Address? at = null)
    {
        var (site, person) = (at ?? Contoso, Person.New());
        using var browser = Service.NewBrowser();
        using var registered = await browser.PostAsync(
            site.Auth + "/register", new { email = person.Email, password = person.Password, name = person.Name }, site.App);
        Assert.Equal(202, (int)registered.StatusCode);
        var link = await Service.LinkAsync();
        using var page = await browser.GetAsync(link);
        using var confirmed = await browser.SubmitAsync(site.Auth + "/verify", await page.Content.ReadAsStringAsync(), ("password", person.Password));
        Assert.Equal(303, (int)confirmed.StatusCode);
        return person;
    }

    /// <summary>Opens the newest mail to somebody at <c>/dev/outbox</c> and follows its link; the status of the page behind it.</summary>
    internal async Task<int> FollowMailAsync(Visitor visitor, Address site, string email)
    {
        await Service.DeliverAsync();
        await visitor.OpenAsync(site.Auth + "/dev/outbox");
        Assert.Contains(email, await visitor.Page.InnerTextAsync("body"), StringComparison.Ordinal);
        return await visitor.FollowAsync("?token=");
    }

    /// <summary>Signs a visitor in at a site, on its page, and lets them come to its frontend.</summary>
    internal async Task<Person> SignInAsync(Visitor visitor, Address site)
    {
        var person = await RegisterAsync(site);
        await visitor.SignInAsync(site, person);
        Assert.Equal(site.App + "/", visitor.Page.Url);
        return person;
    }

    /// <summary>Past the life of an access token.</summary>
    internal void LetAccessTokensExpire() => Service.Clock.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1));
}
