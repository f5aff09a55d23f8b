using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Users;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Handoff;

/// <summary>A token minted before a session ended redeems to nothing after it.</summary>
public class HandoffRevocationTests(HandoffService shared) : IClassFixture<HandoffService>
{
    private readonly TestService service = shared.Service;

    [Fact]
    public async Task A_token_minted_before_signing_out_redeems_to_nothing()
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        await AssertMeanwhileAsync(handoff, () => handoff.Browser.PostAsync(Contoso + "/logout"));
    }

    [Fact]
    public async Task A_token_minted_before_signing_out_everywhere_redeems_to_nothing()
    {
        var email = NewEmail();
        using var handoff = new HandoffCeremony(service, await service.SignedInAsync(email: email));
        using var other = service.NewBrowser();
        using var login = await other.PostAsync(Contoso + "/login", new { email, password = Password });

        await AssertMeanwhileAsync(handoff, () => other.PostAsync(Contoso + "/logout/all"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_token_minted_before_a_block_redeems_to_nothing_even_when_the_block_is_lifted(bool lifted)
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        var person = (await handoff.PersonAtAsync(Contoso))!;
        using var client = service.NewBrowser();
        using var grant = await client.FormAsync(
            Contoso + "/token", ("demo-operator", "demo-operator-secret"), ("grant_type", "client_credentials"), ("scope", "auth.manage"));
        var token = await grant.TextAsync("access_token");

        await AssertMeanwhileAsync(handoff, async () =>
        {
            var blocked = await ManageAsync(client, person, "block", token!);
            return lifted ? await ManageAsync(client, person, "unblock", token!) : blocked;
        });
        Assert.Equal(!lifted, (await service.Get<UserStore>().FindAsync(person, CancellationToken.None))!.Blocked);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_token_of_a_child_redeems_to_nothing_once_child_or_root_ended(bool byRoot)
    {
        using var there = await (await HandoffCeremony.SignedInAsync(service)).ArrivedAsync();
        using var root = there.Browser.Copy();
        foreach (var key in there.Browser.Cookies.Keys.Where(k => k.Host.Contains("contoso", StringComparison.Ordinal)).ToList())
        {
            there.Browser.Cookies.Remove(key);
        }

        using var back = new HandoffCeremony(service, there.Browser, Fabrikam, Contoso);
        await AssertMeanwhileAsync(back, () => root.PostAsync((byRoot ? Contoso : Fabrikam) + "/logout"));
    }

    [Fact]
    public async Task An_ended_session_is_not_handed_over_in_the_first_place()
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        var two = await handoff.StartAsync();
        using var thief = new HandoffCeremony(service, handoff.Browser.Copy());
        using var logout = await handoff.Browser.PostAsync(Contoso + "/logout");

        // The access token still runs, but the rows decide.
        var to = await HandoffCeremony.RedirectedAsync(await thief.Browser.GetAsync(two));

        Assert.StartsWith("/signin?return_to=", to, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sid_of_the_target_is_worth_nothing_at_the_source()
    {
        using var handoff = await HandoffCeremony.SignedInAsync(service);
        using var stranger = new HandoffCeremony(service, await service.SignedInAsync(Fabrikam));
        var two = await stranger.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, two);
        request.Headers.Add("Cookie", "__Host-sid=" + stranger.Browser.Cookie(Fabrikam, "__Host-sid"));

        Assert.StartsWith(
            "/signin?return_to=", await HandoffCeremony.RedirectedAsync(await stranger.Browser.SendAsync(request)), StringComparison.Ordinal);
        await handoff.ArrivedAsync();
    }

    private static async Task AssertMeanwhileAsync(HandoffCeremony handoff, Func<Task<HttpResponseMessage>> meanwhile)
    {
        var three = await handoff.MintAsync();
        using var ended = await meanwhile();
        Assert.Equal(204, (int)ended.StatusCode);

        await handoff.RefusedToAppAsync(three, "session_ended", "handoff: the source session ended");
        Assert.Null(handoff.Browser.Cookie(handoff.Target, "__Host-sid"));
    }

    private static Task<HttpResponseMessage> ManageAsync(Browser client, string user, string command, string token)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"{Contoso}/manage/users/{user}/{command}");
        request.Headers.Authorization = new("Bearer", token);
        return client.SendAsync(request);
    }
}
