using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Handoff;

/// <summary>Several handoffs under way in one browser.</summary>
public class HandoffTabsTests(HandoffService shared) : IClassFixture<HandoffService>
{
    private readonly TestService service = shared.Service;

    [Fact]
    public async Task Two_tabs_both_arrive()
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        var (first, second) = (await handoff.MintAsync(), await handoff.MintAsync());
        Assert.Equal(2, handoff.HandoffCookies().Count);

        await handoff.ArriveAsync(first);
        var sid = handoff.Browser.Cookie(Fabrikam, "__Host-sid");
        await handoff.ArriveAsync(second);

        Assert.NotNull(await handoff.PersonAtAsync(Fabrikam));
        Assert.NotEqual(sid, handoff.Browser.Cookie(Fabrikam, "__Host-sid"));
        Assert.Empty(handoff.HandoffCookies());

        // The later one took the place of the earlier.
        Assert.Equal(2, (await handoff.RowsAsync()).Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Of_five_at_once_the_oldest_is_dropped_and_the_others_arrive(int secondsBetween)
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        List<string> steps = [];
        for (var tab = 0; tab < 5; tab++)
        {
            service.Clock.Advance(TimeSpan.FromSeconds(secondsBetween));
            steps.Add(await handoff.StartAsync());
        }

        Assert.Equal(4, handoff.HandoffCookies().Count);
        await handoff.RefusedOnPageAsync(await handoff.MintAsync(steps[0]));
        foreach (var step in steps.Skip(1))
        {
            await handoff.ArriveAsync(await handoff.MintAsync(step));
        }
    }

    [Fact]
    public async Task Cookies_that_are_not_ours_are_dropped_first()
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        var steps = new[] { await handoff.StartAsync(), await handoff.StartAsync(), await handoff.StartAsync() };
        var key = ("auth.fabrikam.localhost", "__Host-handoff-planted1");
        handoff.Browser.Cookies[key] = handoff.Browser.Cookies[("auth.fabrikam.localhost", handoff.HandoffCookies()[0])] with { Value = "planted" };

        var last = await handoff.StartAsync();

        Assert.False(handoff.Browser.Cookies.ContainsKey(key));
        foreach (var step in steps.Append(last))
        {
            await handoff.ArriveAsync(await handoff.MintAsync(step));
        }
    }
}
