using AuthFunctions.Storage;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.SigningKeys;

/// <summary>What one instance seals, another opens: the key ring lies in table DataProtection.</summary>
public class DataProtectionTests
{
    [Fact]
    public async Task A_form_that_one_instance_made_is_accepted_by_another()
    {
        await using var first = await StartAsync();
        var email = NewEmail();
        using var registered = await first.SignedInAsync(email: email);
        using var browser = first.NewBrowser();
        using var form = await browser.GetAsync(Contoso + "/signin");
        var page = await form.Content.ReadAsStringAsync();
        await using var second = await first.StartSecondAsync();
        using var elsewhere = browser.Copy(second);

        using var signedIn = await elsewhere.SubmitAsync(Contoso + "/signin", page, ("email", email), ("password", Password));

        Assert.Equal(303, (int)signedIn.StatusCode);
        Assert.NotNull(elsewhere.Cookie(Contoso, "__Host-sid"));
    }

    [Fact]
    public async Task A_form_of_another_deployment_is_refused()
    {
        await using var first = await StartAsync();
        await using var stranger = await StartAsync();
        using var browser = first.NewBrowser();
        using var form = await browser.GetAsync(Contoso + "/signin");
        var page = await form.Content.ReadAsStringAsync();
        using var elsewhere = browser.Copy(stranger);

        using var refused = await elsewhere.SubmitAsync(Contoso + "/signin", page, ("email", NewEmail()), ("password", Password));

        Assert.Equal(403, (int)refused.StatusCode);
        Assert.Contains(stranger.Log.Lines, l => l.Contains("anti-forgery token is missing or not this browser's", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_device_that_one_instance_knows_another_knows()
    {
        await using var first = await StartAsync();
        var email = NewEmail();
        using var owner = await first.SignedInAsync(email: email);
        using var stranger = first.NewBrowser();
        for (var i = 0; i < 5; i++)
        {
            using var failed = await stranger.PostAsync(Contoso + "/login", new { email, password = "wrong wrong wrong" });
            await failed.RefusedAsync(401, "invalid_credentials");
        }

        await using var second = await first.StartSecondAsync();
        using var delayed = await stranger.Copy(second).PostAsync(Contoso + "/login", new { email, password = Password });
        using var known = await owner.Copy(second).PostAsync(Contoso + "/login", new { email, password = Password });

        await delayed.RefusedAsync(429, "too_many_attempts");
        Assert.Equal(200, (int)known.StatusCode);
    }

    [Fact]
    public async Task While_the_ring_cannot_be_read_a_form_is_503_and_after_that_it_is_shown()
    {
        // From the start on, because a ring that was read is kept for a day.
        var ring = new FaultingTable(new MemoryTable()) { ReadsFail = true };
        await using var service = await StartAsync(adjust: services => services.Replace(ServiceDescriptor.Singleton<TableFactory>(
            name => new ConfirmingTable(name == "DataProtection" ? ring : new MemoryTable()))));
        using var browser = service.NewBrowser();

        using var outage = await browser.GetAsync(Contoso + "/signin");

        await outage.RefusedAsync(503, "unavailable");
        Assert.Equal(TimeSpan.FromSeconds(1), outage.Headers.RetryAfter!.Delta);
        ring.ReadsFail = false;
        using var shown = await browser.GetAsync(Contoso + "/signin");
        Assert.Equal(200, (int)shown.StatusCode);
    }
}
