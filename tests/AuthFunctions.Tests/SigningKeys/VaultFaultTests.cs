using System.Diagnostics;
using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.SigningKeys;

/// <summary>Each fault of the vault, as a caller of the service meets it: 503 within three seconds, nothing changed, and a retry that works.</summary>
[Collection(RunsAlone.Name)]
public class VaultFaultTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    public static TheoryData<string> Faults => ["401", "403", "404", "429", "429 with Retry-After", "500", "503", "slow", "hangs", "dropped"];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_sign_in_makes_no_session_and_works_again_afterwards(string fault)
    {
        await using var deployment = await VaultService.StartAsync("KeyVault");
        var email = NewEmail();
        using var owner = await deployment.Service.SignedInAsync(email: email);
        var userId = await IdAsync(owner);
        var before = await deployment.Service.RowsAsync(userId, "");
        using var browser = deployment.Service.NewBrowser();
        await deployment.Vault.SwitchAsync(Fault(fault));

        await AssertUnavailableAsync(() => browser.PostAsync(Contoso + "/login", new { email, password = Password }));

        Assert.Equal(Versions(before), Versions(await deployment.Service.RowsAsync(userId, "")));
        await deployment.Vault.ResetAsync();
        using var signedIn = await browser.PostAsync(Contoso + "/login", new { email, password = Password });
        Assert.Equal(200, (int)signedIn.StatusCode);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_refresh_token_stays_unused_and_is_good_afterwards(string fault)
    {
        await using var deployment = await VaultService.StartAsync("KeyVault");
        using var app = deployment.Service.NewBrowser();
        using var made = await app.PostAsync(
            Contoso + "/register", new { email = NewEmail(), password = Password, transport = "body" }, origin: null);
        var body = await made.JsonAsync();
        var (userId, refreshToken) = (body.GetProperty("user").GetProperty("id").GetString()!, body.GetProperty("refresh_token").GetString());
        var before = await deployment.Service.RowsAsync(userId, "");
        await deployment.Vault.SwitchAsync(Fault(fault));

        await AssertUnavailableAsync(() => app.PostAsync(Contoso + "/refresh", new { refresh_token = refreshToken }, origin: null));

        Assert.Equal(Versions(before), Versions(await deployment.Service.RowsAsync(userId, "")));
        await deployment.Vault.ResetAsync();
        using var refreshed = await app.PostAsync(Contoso + "/refresh", new { refresh_token = refreshToken }, origin: null);
        Assert.Equal(200, (int)refreshed.StatusCode);
        Assert.NotEqual(refreshToken, (await refreshed.JsonAsync()).GetProperty("refresh_token").GetString());
    }

    [Theory]
    [InlineData("KeyVault", "list")]
    [InlineData("KeyVault", "get")]
    [InlineData("KeyVaultWrapped", "get")]
    [InlineData("KeyVaultWrapped", "unwrap")]
    public async Task A_service_that_starts_while_the_vault_is_out_answers_503_and_serves_once_it_is_back(string source, string operation)
    {
        await using var deployment = await VaultService.StartAsync(source);
        using var browser = deployment.Service.NewBrowser();
        await deployment.Vault.SwitchAsync(new VaultFault(operation) { Status = 500 });

        await AssertUnavailableAsync(() => browser.GetAsync(Contoso + "/health/ready"));
        await AssertUnavailableAsync(() => browser.PostAsync(Contoso + "/register", new { email = NewEmail(), password = Password }));

        await deployment.Vault.ResetAsync();
        using var ready = await browser.GetAsync(Contoso + "/health/ready");
        Assert.Equal(200, (int)ready.StatusCode);
        using var person = await deployment.Service.SignedInAsync();
    }

    [Fact]
    public async Task Tokens_are_checked_while_the_vault_is_out()
    {
        await using var deployment = await VaultService.StartAsync("KeyVault");
        using var browser = await deployment.Service.SignedInAsync();
        await deployment.Vault.SwitchAsync(new VaultFault("any") { Status = 500 });

        // Past the age at which keys are looked up anew.
        await deployment.AdvanceAsync(TimeSpan.FromMinutes(2));
        using var session = await browser.GetAsync(Contoso + "/session");
        using var jwks = await browser.GetAsync(Contoso + "/.well-known/jwks.json");

        Assert.Equal((200, 200), ((int)session.StatusCode, (int)jwks.StatusCode));
        Assert.Contains(deployment.Service.Log.Lines, l => l.Contains("Keys cannot be looked up right now", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("429")]
    [InlineData("500")]
    [InlineData("dropped")]
    public async Task A_vault_that_fails_once_is_asked_once_more_and_nobody_notices(string fault)
    {
        await using var deployment = await VaultService.StartAsync("KeyVault");
        using var browser = await deployment.Service.SignedInAsync(Fabrikam);
        await deployment.Vault.ResetAsync();
        await deployment.Vault.SwitchAsync(Fault(fault) with { Operation = "sign", Count = 1 });

        using var refreshed = await browser.PostAsync(Fabrikam + "/refresh");

        Assert.Equal(200, (int)refreshed.StatusCode);
        Assert.Equal(3, (await deployment.Vault.CallsAsync())["sign"]);
    }

    [Fact]
    public async Task When_the_vault_s_clock_jumps_back_tokens_go_on_being_signed()
    {
        await using var deployment = await VaultService.StartAsync("KeyVault");
        using var browser = await deployment.Service.SignedInAsync();

        await deployment.Vault.AdvanceAsync(TimeSpan.FromHours(-3));
        deployment.Service.Clock.Advance(TimeSpan.FromMinutes(1));
        using var refreshed = await browser.PostAsync(Contoso + "/refresh");

        Assert.Equal(200, (int)refreshed.StatusCode);
    }

    [Fact]
    public async Task A_page_form_is_503_while_the_vault_cannot_seal_the_ring_and_is_shown_afterwards()
    {
        // From the start on, because a ring that was opened is kept for a day.
        await using var vault = await FakeVault.StartAsync();
        await vault.SwitchAsync(new VaultFault("get") { Status = 500 });
        await using var service = await StartAsync(vault.Settings("KeyVault"), vault.Connect);
        using var browser = service.NewBrowser();

        await AssertUnavailableAsync(() => browser.GetAsync(Contoso + "/signin"));

        await vault.ResetAsync();
        using var shown = await browser.GetAsync(Contoso + "/signin");
        Assert.Equal(200, (int)shown.StatusCode);
        var stored = Assert.Single(await service.Table("DataProtection").RangeAsync("ring", "key_", "key`", default).ToListAsync());
        Assert.Equal(["Name", "Sealed", "WrappedBy", "WrappedDataKey"], stored.Columns.Keys.Where(c => c != "OperationId").Order());
    }

    [Theory]
    [InlineData(401)]
    [InlineData(500)]
    public async Task What_another_instance_sealed_waits_for_the_vault_to_be_opened(int status)
    {
        await using var deployment = await VaultService.StartAsync("KeyVault");
        using var browser = deployment.Service.NewBrowser();
        using var form = await browser.GetAsync(Contoso + "/signin");
        Assert.Equal(200, (int)form.StatusCode);
        await deployment.Vault.SwitchAsync(new VaultFault("unwrap") { Status = status });
        await using var second = await deployment.StartSecondAsync();
        using var elsewhere = second.NewBrowser();

        await AssertUnavailableAsync(() => elsewhere.GetAsync(Contoso + "/signin"));

        await deployment.Vault.ResetAsync();
        using var shown = await elsewhere.GetAsync(Contoso + "/signin");
        Assert.Equal(200, (int)shown.StatusCode);
        Assert.Single(await second.Table("DataProtection").RangeAsync("ring", "key_", "key`", default).ToListAsync());
    }

    private static VaultFault Fault(string name) => name switch
    {
        "429 with Retry-After" => new VaultFault("any") { Status = 429, RetryAfter = 20 },
        "slow" => new VaultFault("any") { Delay = TimeSpan.FromSeconds(2) },
        "hangs" => new VaultFault("any") { Delay = TimeSpan.FromSeconds(30) },
        "dropped" => new VaultFault("any") { Drop = true },
        _ => new VaultFault("any") { Status = int.Parse(name, null) },
    };

    private static async Task AssertUnavailableAsync(Func<Task<HttpResponseMessage>> request)
    {
        var began = Stopwatch.GetTimestamp();
        using var refused = await request();
        var took = Stopwatch.GetElapsedTime(began);
        await refused.RefusedAsync(503, "unavailable");
        Assert.Equal("1", refused.Headers.GetValues("Retry-After").Single());
        Assert.False(refused.Headers.Contains("Set-Cookie"));
        Assert.InRange(took, TimeSpan.Zero, Limit);
    }

    private static IEnumerable<string> Versions(IEnumerable<AuthFunctions.Storage.Row> rows) => rows.Select(r => $"{r.Key} {r.ETag}");

    private static async Task<string> IdAsync(Browser person)
    {
        using var me = await person.GetAsync(Contoso + "/session");
        return (await me.JsonAsync()).GetProperty("user").GetProperty("id").GetString()!;
    }
}
