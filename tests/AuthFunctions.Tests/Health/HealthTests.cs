using AuthFunctions.Protocol;
using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Health;

public class HealthTests
{
    [Fact]
    public async Task The_service_is_well_on_any_host_and_asks_no_storage()
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();
        service.Counter.Reset();

        foreach (var host in new[] { Contoso, Fabrikam, "http://10.0.0.7:8080" })
        {
            using var response = await browser.GetAsync(host + "/health");
            Assert.Equal(200, (int)response.StatusCode);
            Assert.Equal("""{"status":"ok"}""", await response.Content.ReadAsStringAsync());
            Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
        }

        Assert.Equal((0, 0), (service.Counter.Waves, service.Counter.Commits));
    }

    [Fact]
    public async Task It_is_ready_while_table_and_key_can_be_reached()
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();
        using var ready = await browser.GetAsync("http://10.0.0.7:8080/health/ready");
        Assert.Equal("""{"status":"ready"}""", await ready.Content.ReadAsStringAsync());

        service.Faults["Users"].ReadsFail = true;
        using var outage = await browser.GetAsync(Contoso + "/health/ready");
        await outage.RefusedAsync(503, "unavailable");
        Assert.Equal(TimeSpan.FromSeconds(1), outage.Headers.RetryAfter!.Delta);
        using var alive = await browser.GetAsync(Contoso + "/health");
        Assert.Equal(200, (int)alive.StatusCode);

        service.Faults["Users"].ReadsFail = false;
        using var again = await browser.GetAsync(Contoso + "/health/ready");
        Assert.Equal(200, (int)again.StatusCode);
    }

    [Fact]
    public async Task It_is_not_ready_without_its_keys()
    {
        await using var service = await StartAsync();
        service.Keys.LoadFails = new OutageException("signing keys");
        using var browser = service.NewBrowser();

        using var response = await browser.GetAsync(Contoso + "/health/ready");

        await response.RefusedAsync(503, "unavailable");
        Assert.Contains(service.Log.Lines, l => l.Contains("signing keys cannot serve right now", StringComparison.Ordinal));
    }
}
