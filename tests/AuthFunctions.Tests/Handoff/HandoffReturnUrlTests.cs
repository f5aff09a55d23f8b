using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Handoff;

/// <summary>Where a handoff may end: exact origins and registered prefixes, parsed.</summary>
public class HandoffReturnUrlTests(HandoffService shared) : IClassFixture<HandoffService>
{
    private readonly TestService service = shared.Service;

    public static TheoryData<string> Foreign =>
    [
        "http://app.contoso.localhost:5173/",
        "http://app.fabrikam.localhost.evil.test:5173/",
        "http://app.contoso.localhost.evil.test:5173/",
        "http://contoso.test.evil.test/",
        "http://evil.test/http://app.fabrikam.localhost:5173/",
        "http://evil.test:5173/?http://app.fabrikam.localhost:5173/",
        "http://sub.app.fabrikam.localhost:5173/",
        "http://xapp.fabrikam.localhost:5173/",
        "http://fabrikam.localhost:5173/",
        "http://auth.fabrikam.localhost:7071/logout",
        "http://app.fabrikam.localhost.:5173/",
        "http://127.0.0.1:5173/",
        "http://[::1]:5173/",
        "http://app.fabrikam.localhost:5173@evil.test/",
        "http://app.fabrikam.localhost:5173%40evil.test/",
        "http://ada@app.fabrikam.localhost:5173/",
        "http://ada:pw@app.fabrikam.localhost:5173/",
        "http://app.fabrikam.localhost:5174/",
        "http://app.fabrikam.localhost/",
        "https://app.fabrikam.localhost:5173/",
        "ftp://app.fabrikam.localhost:5173/",
        "javascript:alert(1)",
        "javascript://app.fabrikam.localhost:5173/%0aalert(1)",
        "data:text/html,hello",
        "//app.fabrikam.localhost:5173/",
        "/welcome",
        "app.fabrikam.localhost:5173/",
        @"http:\\app.fabrikam.localhost:5173\",
        @"http://app.fabrikam.localhost:5173\@evil.test/",
        @"http://evil.test\@app.fabrikam.localhost:5173/",
        "http://app.fabrikam.localhost:5173/\r\nSet-Cookie: a=b",
        "ht\ttp://app.fabrikam.localhost:5173/",
        "http://app.fabrikam.localhost:5173/\u0000",
        "",
    ];

    [Theory]
    [MemberData(nameof(Foreign))]
    public async Task No_handoff_begins_that_would_end_elsewhere(string returnTo)
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        await handoff.StartAsync();
        handoff.Browser.Cookies.Clear();

        await handoff.RefusedOnPageAsync(
            handoff.StartUrl(returnTo: returnTo), code: "invalid_request", reason: "return_to must be one of the site's return URLs");
        Assert.Empty(handoff.Browser.Cookies);
    }

    [Theory]
    [InlineData("http://app.fabrikam.localhost.evil.test:5173/")]
    [InlineData("http://ada@app.fabrikam.localhost:5173/")]
    [InlineData("/welcome")]
    public async Task A_link_that_would_end_elsewhere_is_refused_by_the_target(string returnTo)
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        var one = await HandoffCeremony.RedirectedAsync(await handoff.Browser.GetAsync(
            $"{Contoso}/handoff?to=fabrikam&return_to={Uri.EscapeDataString(returnTo)}"));

        await handoff.RefusedOnPageAsync(one, code: "invalid_request", reason: "return_to must be one of the site's return URLs");
    }

    [Theory]
    [InlineData("http://app.fabrikam.localhost:5173", "http://app.fabrikam.localhost:5173/")]
    [InlineData("http://app.fabrikam.localhost:5173/a/b?c=d&e=f#g", "http://app.fabrikam.localhost:5173/a/b?c=d&e=f#g")]
    [InlineData("HTTP://APP.FABRIKAM.LOCALHOST:5173/", "http://app.fabrikam.localhost:5173/")]
    [InlineData("http://app.fabrikam.localhost:5173/ä ö", "http://app.fabrikam.localhost:5173/%C3%A4%20%C3%B6")]
    [InlineData("http://app.fabrikam.localhost:5173/?next=http://evil.test/", "http://app.fabrikam.localhost:5173/?next=http://evil.test/")]
    public async Task A_place_at_the_targets_own_frontend_is_where_it_ends(string returnTo, string location)
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);

        Assert.Equal(location, await handoff.Browser.FollowAsync(handoff.StartUrl(returnTo: returnTo)));
    }

    [Theory]
    [InlineData("http://ａpp.fabrikam.localhost:5173/")]
    [InlineData("http://app。fabrikam。localhost:5173/")]
    [InlineData("http://app.fabrikam.localhost:５１７３/")]
    [InlineData("http://@app.fabrikam.localhost:5173/")]
    [InlineData("http:///app.fabrikam.localhost:5173/")]
    [InlineData("http:app.fabrikam.localhost:5173/")]
    [InlineData(" http://app.fabrikam.localhost:5173/ ")]
    public async Task An_odd_spelling_is_refused_or_leads_to_the_registered_place_in_its_plain_one(string returnTo)
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);

        using var response = await handoff.Browser.GetAsync(handoff.StartUrl(returnTo: returnTo));

        if ((int)response.StatusCode != 400)
        {
            Assert.Equal("http://app.fabrikam.localhost:5173/", await handoff.Browser.FollowAsync(handoff.StartUrl(returnTo: returnTo)));
        }
    }

    [Theory]
    [InlineData("/in/", true)]
    [InlineData("/in/side?x=1", true)]
    [InlineData("/in", false)]
    [InlineData("/inside", false)]
    [InlineData("/IN/", false)]
    [InlineData("/exact", true)]
    [InlineData("/exact?x=1", true)]
    [InlineData("/exact/", false)]
    [InlineData("/exactly", false)]
    [InlineData("/in/../out", false)]
    [InlineData("/in/%2e%2e/out", false)]
    [InlineData("/in/.%2E/out", false)]
    [InlineData("/", false)]
    public async Task Registered_prefixes_are_of_whole_segments(string path, bool allowed)
    {
        await using var strict = await StartAsync(new()
        {
            ["Sites:fabrikam:ReturnUrls:0"] = FabrikamApp + "/in/",
            ["Sites:fabrikam:ReturnUrls:1"] = FabrikamApp + "/exact",
        });
        using var handoff = await HandoffCeremony.SignedInAsync(strict);

        using var response = await handoff.Browser.GetAsync(handoff.StartUrl(returnTo: FabrikamApp + path));

        Assert.Equal(allowed ? 303 : 400, (int)response.StatusCode);
        Assert.Equal(allowed ? 1 : 0, handoff.HandoffCookies().Count);
    }
}
