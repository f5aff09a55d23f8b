using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Handoff;

/// <summary>Which site may hand over to which: three sites, of which fabrikam accepts from two, and adatum from none.</summary>
public class HandoffSitesTests
{
    private const string Northwind = "http://auth.northwind.localhost:7071";

    private static readonly Dictionary<string, string?> Four = new()
    {
        ["Sites:northwind:Issuer"] = Northwind,
        ["Sites:northwind:AppOrigins:0"] = "http://app.northwind.localhost:5173",
        ["Sites:northwind:HandsOffTo:0"] = "fabrikam",
        ["Sites:fabrikam:AcceptsFrom:1"] = "northwind",
        ["Sites:adatum:Issuer"] = "http://auth.adatum.localhost:7071",
        ["Sites:adatum:AppOrigins:0"] = "http://app.adatum.localhost:5173",
        ["Sites:adatum:HandsOffTo:0"] = "fabrikam",
    };

    [Fact]
    public async Task A_token_of_another_accepted_site_than_the_one_asked_is_refused()
    {
        await using var service = await StartAsync(Four);
        using var right = await HandoffCeremony.SignedInAsync(service, Northwind);
        await right.ArrivedAsync();

        using var wrong = await HandoffCeremony.SignedInAsync(service, Northwind);
        using var asked = new HandoffCeremony(service, wrong.Browser);
        var two = await asked.StartAsync();
        var three = await wrong.MintAsync(two.Replace(Contoso, Northwind, StringComparison.Ordinal));

        await asked.RefusedToAppAsync(
            three, "issuer_not_accepted", "handoff token: issued by another site than the one asked, or one not accepted from");
    }

    [Theory]
    [InlineData("adatum")]
    [InlineData("fabrikam")]
    [InlineData("nowhere")]
    [InlineData("Contoso")]
    [InlineData("")]
    public async Task No_handoff_begins_from_a_site_that_is_not_accepted_from(string from)
    {
        await using var service = await StartAsync(Four);
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        await handoff.StartAsync();
        handoff.Browser.Cookies.Clear();

        await handoff.RefusedOnPageAsync(
            handoff.StartUrl(from: from), code: "invalid_request", reason: "from must name a site that this one accepts sessions from.");
        Assert.Empty(handoff.Browser.Cookies);
    }

    [Fact]
    public async Task A_site_that_is_no_longer_accepted_from_is_refused_at_the_last_step_too()
    {
        await using var service = await StartAsync(Four);
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        using var control = await HandoffCeremony.SignedInAsync(service);
        var (three, other) = (await handoff.MintAsync(), await control.MintAsync());
        await using var after = await service.StartSecondAsync(new(Four) { ["Sites:fabrikam:AcceptsFrom:0"] = "northwind" });
        using var moved = new HandoffCeremony(after, handoff.Browser.Copy(after));

        await control.ArriveAsync(other);
        await moved.RefusedToAppAsync(
            three, "issuer_not_accepted", "handoff token: issued by another site than the one asked, or one not accepted from");
    }

    [Theory]
    [InlineData("adatum")]
    [InlineData("contoso")]
    [InlineData("nowhere")]
    [InlineData("FABRIKAM")]
    [InlineData("")]
    public async Task No_token_is_minted_for_a_site_that_the_source_does_not_hand_off_to(string to)
    {
        await using var service = await StartAsync(Four);
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        var two = await handoff.StartAsync();
        await handoff.MintAsync(two);
        service.Keys.Reset();

        await handoff.RefusedOnPageAsync(
            two.Replace("to=fabrikam", "to=" + to, StringComparison.Ordinal), code: "invalid_request", reason: "to must name a site that this one hands sessions to.");
        Assert.Equal(0, service.Keys.Signatures);
    }

    [Fact]
    public async Task A_token_for_one_target_is_refused_at_another()
    {
        await using var service = await StartAsync(new(Four)
        {
            ["Sites:contoso:HandsOffTo:1"] = "northwind",
            ["Sites:northwind:AcceptsFrom:0"] = "contoso",
        });
        using var fabrikam = await HandoffCeremony.SignedInAsync(service);
        using var northwind = new HandoffCeremony(service, fabrikam.Browser, Contoso, Northwind);
        var two = await northwind.StartAsync();
        var three = await fabrikam.MintAsync(two.Replace("to=northwind", "to=fabrikam", StringComparison.Ordinal));

        await northwind.RefusedToAppAsync(northwind.AcceptUrl(HandoffCeremony.TokenOf(three)), "invalid_token", "handoff token: wrong audience");
    }
}
