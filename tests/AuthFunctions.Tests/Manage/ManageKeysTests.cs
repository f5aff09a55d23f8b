using System.Text.Json;
using AuthFunctions.SigningKeys;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Tokens;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Manage;

[Collection(RunsAlone.Name)]
public class ManageKeysTests
{
    private static readonly Dictionary<string, string?> RealKeys = new() { ["Keys:Source"] = "Development" };

    [Fact]
    public async Task An_operator_sees_each_key_and_where_it_is_in_its_life()
    {
        await using var service = await StartAsync(RealKeys);
        using var console = await service.OperatorAsync();

        var body = await ListAsync(console);

        Assert.Equal("events keys", body.Members());
        Assert.Equal(["signing", "announced"], States(body));
        var key = body.GetProperty("keys")[0];
        Assert.Equal("created_at kid state", key.Members());
        Assert.Equal((await service.Get<KeyRing>().KeysAsync(default)).Current.Kid, key.Text("kid"));
        Assert.Equal(service.Clock.GetUtcNow(), key.GetProperty("created_at").GetDateTimeOffset());
        Assert.Empty(body.GetProperty("events").EnumerateArray());
    }

    [Fact]
    public async Task Rotating_now_has_the_standby_sign_once_it_was_announced_and_is_told_of()
    {
        await using var service = await StartAsync(RealKeys);
        var before = await service.Get<KeyRing>().KeysAsync(default);
        service.Clock.Advance(TimeSpan.FromHours(24));
        using var console = await service.OperatorAsync();

        using var rotated = await console.PostAsync(Contoso + "/manage/keys/rotate");

        Assert.Equal(204, (int)rotated.StatusCode);
        var body = await ListAsync(console);
        Assert.Equal(["retiring", "signing", "announced"], States(body));
        Assert.Equal(before.Published[1].Kid, (await service.Get<KeyRing>().KeysAsync(default)).Current.Kid);
        var told = Assert.Single(body.GetProperty("events").EnumerateArray().ToList());
        Assert.Equal(("key_rotated", null, "demo-operator"), (told.Text("kind"), told.Text("kid"), told.Text("client_id")));
        Assert.Equal(service.Clock.GetUtcNow(), told.GetProperty("at").GetDateTimeOffset());
    }

    [Fact]
    public async Task Retiring_the_signing_key_has_the_standby_sign_at_once_and_refuses_every_token_of_the_old_one_within_a_minute()
    {
        await using var service = await StartAsync(RealKeys);
        await using var second = await service.StartSecondAsync(RealKeys);
        using var person = await service.SignedInAsync();
        var elsewhere = second.NewBrowser();
        foreach (var (key, value) in person.Cookies)
        {
            elsewhere.Cookies[key] = value;
        }

        using var good = await elsewhere.GetAsync(Contoso + "/session");
        Assert.Equal(200, (int)good.StatusCode);
        using var console = await service.OperatorAsync();
        var before = await service.Get<KeyRing>().KeysAsync(default);

        using var retired = await console.PostAsync($"{Contoso}/manage/keys/{before.Current.Kid}/retire");

        Assert.Equal(204, (int)retired.StatusCode);
        using var here = await person.GetAsync(Contoso + "/session");
        await here.RefusedAsync(401, "session_ended");
        Assert.Equal(before.Published[1].Kid, (await service.Get<KeyRing>().KeysAsync(default)).Current.Kid);
        service.Clock.Advance(TimeSpan.FromSeconds(55));
        using var there = await elsewhere.GetAsync(Contoso + "/session");
        await there.RefusedAsync(401, "session_ended");

        // The session lives on: only its token was the key's.
        using var refreshed = await elsewhere.PostAsync(Contoso + "/refresh");
        Assert.Equal(200, (int)refreshed.StatusCode);
        using var again = await elsewhere.GetAsync(Contoso + "/session");
        Assert.Equal(200, (int)again.StatusCode);
        using var jwks = await elsewhere.GetAsync(Contoso + "/.well-known/jwks.json");
        Assert.DoesNotContain(before.Current.Kid, await jwks.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var newConsole = await service.OperatorAsync();
        var body = await ListAsync(newConsole);
        Assert.Equal(["pulled", "signing", "announced"], States(body));
        var told = Assert.Single(body.GetProperty("events").EnumerateArray().ToList());
        Assert.Equal(("key_retired", before.Current.Kid), (told.Text("kind"), told.Text("kid")));
    }

    [Fact]
    public async Task Every_key_that_was_ever_made_can_be_retired_one_after_the_other_and_some_key_signs()
    {
        await using var service = await StartAsync(RealKeys);
        for (var i = 0; i < 4; i++)
        {
            using var console = await service.OperatorAsync();
            var signing = (await service.Get<KeyRing>().KeysAsync(default)).Current.Kid;
            using var retired = await console.PostAsync($"{Contoso}/manage/keys/{signing}/retire");
            Assert.Equal(204, (int)retired.StatusCode);
        }

        using var person = await service.SignedInAsync();
        using var last = await service.OperatorAsync();
        Assert.Equal(["pulled", "pulled", "pulled", "pulled", "signing", "announced"], States(await ListAsync(last)));
    }

    [Fact]
    public async Task A_key_that_is_not_there_cannot_be_retired()
    {
        await using var service = await StartAsync(RealKeys);
        using var console = await service.OperatorAsync();
        var kid = (await service.Get<KeyRing>().KeysAsync(default)).Published[1].Kid;
        using var known = await console.PostAsync($"{Contoso}/manage/keys/{kid}/retire");
        Assert.Equal(204, (int)known.StatusCode);

        using var unknown = await console.PostAsync($"{Contoso}/manage/keys/{kid[..^1]}_/retire");

        await unknown.RefusedAsync(404, "key_not_found");
    }

    [Theory]
    [InlineData("GET", "/manage/keys")]
    [InlineData("POST", "/manage/keys/rotate")]
    [InlineData("POST", "/manage/keys/some/retire")]
    public async Task Nobody_but_an_operator_may(string method, string path)
    {
        await using var service = await StartAsync(RealKeys);
        using var console = await service.OperatorAsync();
        var token = await service.ClientTokenAsync(OAuthCalls.Machine);
        using var machine = service.NewBrowser();
        machine.Headers["Authorization"] = "Bearer " + token;
        using var stranger = await service.SignedInAsync();

        using var byMachine = await machine.SendAsync(new HttpRequestMessage(new(method), Contoso + path));
        using var byPerson = await stranger.SendAsync(new HttpRequestMessage(new(method), Contoso + path));
        using var byOperator = await console.SendAsync(new HttpRequestMessage(new(method), Contoso + path));

        Assert.Equal((403, 401), ((int)byMachine.StatusCode, (int)byPerson.StatusCode));
        Assert.True((int)byOperator.StatusCode is 200 or 204 or 404);
        Assert.Equal(2, (await service.Get<SigningKeyStore>().ListAsync("development", default)).Count - (path.EndsWith("rotate", StringComparison.Ordinal) ? 1 : 0));
    }

    [Theory]
    [InlineData("KeyVault")]
    [InlineData("KeyVaultWrapped")]
    public async Task Against_a_vault_it_is_the_same(string source)
    {
        await using var vault = await FakeVault.StartAsync();
        await using var service = await StartAsync(vault.Settings(source), vault.Connect);
        await vault.SetClockAsync(service.Clock.GetUtcNow());
        var signing = (await service.Get<KeyRing>().KeysAsync(default)).Current.Kid;
        using var console = await service.OperatorAsync();

        using var retired = await console.PostAsync($"{Contoso}/manage/keys/{signing}/retire");

        Assert.Equal(204, (int)retired.StatusCode);
        Assert.NotEqual(signing, (await service.Get<KeyRing>().KeysAsync(default)).Current.Kid);
        using var newConsole = await service.OperatorAsync();
        Assert.Equal(["pulled", "signing", "announced"], States(await ListAsync(newConsole)));
        using var rotated = await newConsole.PostAsync(Contoso + "/manage/keys/rotate");
        Assert.Equal(204, (int)rotated.StatusCode);
        Assert.Equal(4, States(await ListAsync(newConsole)).Count);
    }

    private static async Task<JsonElement> ListAsync(Browser console)
    {
        using var response = await console.GetAsync(Contoso + "/manage/keys");
        Assert.Equal(200, (int)response.StatusCode);
        return await response.JsonAsync();
    }

    private static List<string?> States(JsonElement body) => [.. body.GetProperty("keys").EnumerateArray().Select(k => k.Text("state"))];
}
