using System.Text.Json;
using AuthFunctions.SigningKeys;
using AuthFunctions.Storage;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Storage;
using Microsoft.Extensions.Options;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.SigningKeys;

public class DevelopmentKeysTests
{
    [Fact]
    public async Task Instances_that_start_at_once_agree_on_one_key()
    {
        for (var round = 0; round < 20; round++)
        {
            var table = new MemoryTable();
            var sets = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Source(table).LoadAsync(default))));

            Assert.Single(sets.Select(s => s.Current.Kid).Distinct());
        }
    }

    [Fact]
    public async Task The_key_outlives_a_restart()
    {
        var table = new MemoryTable();

        var before = await Source(table).LoadAsync(default);
        var after = await Source(table).LoadAsync(default);

        Assert.Equal(before.Current.Kid, after.Current.Kid);
        Assert.Equal(before.Published.Select(k => k.PublicJwk), after.Published.Select(k => k.PublicJwk));
        Assert.Equal(2, after.Published.Count);
    }

    [Fact]
    public async Task A_key_that_landed_although_its_answer_was_lost_is_the_key()
    {
        var faults = new FaultingTable(new MemoryTable()) { NextCommit = Fault.CommitThenFail };
        var table = new ConfirmingTable(faults);

        var first = await Source(table).LoadAsync(default);

        Assert.Equal(first.Current.Kid, (await Source(table).LoadAsync(default)).Current.Kid);
    }

    [Fact]
    public async Task A_service_with_its_development_key_signs_what_its_key_set_shows()
    {
        await using var service = await StartAsync(new() { ["Keys:Source"] = "Development" });
        using var browser = await service.SignedInAsync();

        using var jwks = await browser.GetAsync(Contoso + "/.well-known/jwks.json");

        var shown = (await jwks.JsonAsync()).GetProperty("keys")[0].GetProperty("kid").GetString();
        var header = browser.Cookie(Contoso, "__Secure-at")!.Split('.')[0];
        using var decoded = JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(header));
        Assert.Equal(shown, decoded.RootElement.GetProperty("kid").GetString());
        using var session = await browser.GetAsync(Contoso + "/session");
        Assert.Equal(200, (int)session.StatusCode);
    }

    private static DevelopmentKeys Source(ITable table) =>
        new(new SigningKeyStore(table), Options.Create(new KeysOptions()), TimeProvider.System);
}
