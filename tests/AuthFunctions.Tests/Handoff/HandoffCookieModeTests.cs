using Microsoft.Net.Http.Headers;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Handoff;

/// <summary>The cookies that a handoff sets, by the target's <c>CookieMode</c>, and that they work.</summary>
public class HandoffCookieModeTests
{
    [Theory]
    [InlineData("Hybrid", null, "__Host-at __Host-sid")]
    [InlineData("Hybrid", "fabrikam.localhost", "__Host-sid __Secure-at")]
    [InlineData("Stateless", null, "__Host-at __Host-rt __Host-sid")]
    [InlineData("Stateful", null, "__Host-sid")]
    [InlineData("Stateful", "fabrikam.localhost", "__Host-sid __Secure-check")]
    public async Task The_target_sets_its_own_cookies_and_they_serve(string mode, string? domain, string names)
    {
        await using var service = await StartAsync(new() { ["Sites:fabrikam:CookieMode"] = mode, ["Sites:fabrikam:CookieDomain"] = domain });
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        var three = await handoff.MintAsync();
        using var lost = new HandoffCeremony(service, handoff.Browser.Copy());
        await handoff.ArriveAsync(three);

        var cookies = handoff.Browser.Cookies.Where(c => c.Key.Host.EndsWith("fabrikam.localhost", StringComparison.Ordinal)).ToList();
        Assert.Equal(names, string.Join(' ', cookies.Select(c => c.Key.Name).Order(StringComparer.Ordinal)));
        Assert.All(cookies, cookie =>
        {
            var attributes = cookie.Value.Attributes;
            Assert.True(attributes is { Secure: true, HttpOnly: true } && attributes.Path == "/", cookie.Key.Name);
            Assert.Equal(cookie.Key.Name == "__Host-rt" ? SameSiteMode.Strict : SameSiteMode.Lax, attributes.SameSite);
            Assert.Equal(cookie.Key.Name.StartsWith("__Secure-", StringComparison.Ordinal), attributes.Domain.HasValue);
            Assert.Equal(TimeSpan.FromDays(90), attributes.MaxAge);
        });

        // A lost answer gives the same secrets again, in every mode.
        await lost.ArriveAsync(three);
        foreach (var (key, cookie) in cookies.Where(c => !c.Key.Name.EndsWith("-at", StringComparison.Ordinal)))
        {
            Assert.Equal(cookie.Value, lost.Browser.Cookies[key].Value);
        }

        for (var refresh = 0; refresh < 2; refresh++)
        {
            using var session = await handoff.Browser.GetAsync(Fabrikam + "/session");
            Assert.Equal(200, (int)session.StatusCode);
            service.Clock.Advance(TimeSpan.FromMinutes(6));
            using var refreshed = await handoff.Browser.PostAsync(Fabrikam + "/refresh");
            Assert.Equal(200, (int)refreshed.StatusCode);
        }
    }
}
