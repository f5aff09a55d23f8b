using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Tokens;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Manage;

public class ManageTests
{
    [Fact]
    public async Task An_operator_finds_a_person_by_address_in_any_spelling()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var person = await service.SignedInAsync(email: email);
        using var console = await service.OperatorAsync();

        using var found = await console.GetAsync($"{Contoso}/manage/users?email={Uri.EscapeDataString(" " + email.ToUpperInvariant())}");
        using var none = await console.GetAsync($"{Contoso}/manage/users?email={Uri.EscapeDataString(NewEmail())}");

        var user = Assert.Single((await found.JsonAsync()).GetProperty("users").EnumerateArray().ToList());
        Assert.Equal("blocked created_at email email_verified id name", user.Members());
        Assert.Equal((email, "Test Person", await IdAsync(person)), (user.Text("email"), user.Text("name"), user.Text("id")));
        Assert.Equal("""{"users":[]}""", await none.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("?email=")]
    [InlineData("?email=nobody")]
    [InlineData("?email=a%40b.test&email=c%40d.test")]
    [InlineData("?email=a%EF%BF%BEb%40people.test")]
    public async Task A_question_without_an_address_is_refused(string query)
    {
        await using var service = await StartAsync();
        using var console = await service.OperatorAsync();

        using var response = await console.GetAsync(Contoso + "/manage/users" + query);

        await response.RefusedAsync(400, "invalid_request");
        Assert.Equal("email", await response.TextAsync("field"));
    }

    [Fact]
    public async Task A_block_ends_every_session_at_once_and_refuses_the_next_sign_in()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var person = await service.SignedInAsync(email: email);
        var granted = await service.GrantedAsync("demo-web");
        using var client = service.NewBrowser();
        using var refreshed = await client.RefreshAsync(OAuthCalls.Web, granted.RefreshToken);
        var access = (await refreshed.TextAsync("access_token"))!;
        Assert.True(await client.IsActiveAsync(OAuthCalls.Web, access));
        using var before = await person.GetAsync(Contoso + "/session?fresh=1");
        Assert.Equal(200, (int)before.StatusCode);
        using var console = await service.OperatorAsync();

        using var blocked = await console.PostAsync($"{Contoso}/manage/users/{await IdAsync(person)}/block");
        using var alsoBlocked = await console.PostAsync($"{Contoso}/manage/users/{granted.UserId}/block");

        Assert.Equal((204, 204), ((int)blocked.StatusCode, (int)alsoBlocked.StatusCode));
        using var fresh = await person.GetAsync(Contoso + "/session?fresh=1");
        await fresh.RefusedAsync(401, "session_ended");
        using var refresh = await person.PostAsync(Contoso + "/refresh");
        await refresh.RefusedAsync(401, "session_ended");
        Assert.False(await client.IsActiveAsync(OAuthCalls.Web, access));
        using var login = await client.PostAsync(Contoso + "/login", new { email, password = Password });
        await login.RefusedAsync(403, "blocked");
        using var found = await console.GetAsync($"{Contoso}/manage/users?email={Uri.EscapeDataString(email)}");
        Assert.True((await found.JsonAsync()).GetProperty("users")[0].GetProperty("blocked").GetBoolean());
    }

    [Fact]
    public async Task Unblocking_lets_a_person_sign_in_again_but_brings_no_session_back()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var person = await service.SignedInAsync(email: email);
        var id = await IdAsync(person);
        using var console = await service.OperatorAsync();
        using var blocked = await console.PostAsync($"{Contoso}/manage/users/{id}/block");

        using var unblocked = await console.PostAsync($"{Contoso}/manage/users/{id}/unblock");

        Assert.Equal(204, (int)unblocked.StatusCode);
        using var old = await person.GetAsync(Contoso + "/session?fresh=1");
        await old.RefusedAsync(401, "session_ended");
        using var login = await service.NewBrowser().PostAsync(Contoso + "/login", new { email, password = Password });
        Assert.Equal(200, (int)login.StatusCode);
    }

    [Fact]
    public async Task Ending_a_person_s_sessions_ends_all_of_them_and_blocks_nobody()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var first = await service.SignedInAsync(email: email);
        using var second = service.NewBrowser();
        using var login = await second.PostAsync(Contoso + "/login", new { email, password = Password });
        using var console = await service.OperatorAsync();

        using var ended = await console.DeleteAsync($"{Contoso}/manage/users/{await IdAsync(first)}/sessions");

        Assert.Equal(204, (int)ended.StatusCode);
        foreach (var browser in new[] { first, second })
        {
            using var fresh = await browser.GetAsync(Contoso + "/session?fresh=1");
            await fresh.RefusedAsync(401, "session_ended");
        }

        using var again = await second.PostAsync(Contoso + "/login", new { email, password = Password });
        Assert.Equal(200, (int)again.StatusCode);
    }

    [Theory]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("nobody")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAB")]
    [InlineData("x'%20or%20PartitionKey%20ne%20'")]
    [InlineData("..%2F..%2Fadmin")]
    [InlineData("%00")]
    [InlineData("a%2Fuser")]
    [InlineData("a%23%3F%5C")]
    public async Task There_is_nobody_of_a_made_up_id(string id)
    {
        await using var service = await StartAsync();
        using var console = await service.OperatorAsync();
        service.Counter.Reset();

        using var block = await console.PostAsync($"{Contoso}/manage/users/{id}/block");
        using var unblock = await console.PostAsync($"{Contoso}/manage/users/{id}/unblock");
        using var end = await console.DeleteAsync($"{Contoso}/manage/users/{id}/sessions");

        Assert.All([block, unblock, end], response => Assert.True((int)response.StatusCode is 400 or 404));
        Assert.Equal(0, service.Counter.Commits);
    }

    [Fact]
    public async Task A_token_without_the_scope_is_403()
    {
        await using var service = await StartAsync();
        using var person = await service.SignedInAsync();
        var id = await IdAsync(person);
        var (_, firstParty, _) = await service.NativeAsync();
        foreach (var token in new[] { await service.ClientTokenAsync(OAuthCalls.Machine), firstParty })
        {
            using var caller = service.NewBrowser();
            caller.Headers["Authorization"] = "Bearer " + token;

            foreach (var response in await CallAllAsync(caller, id))
            {
                await response.RefusedAsync(403, "insufficient_scope");
                Assert.Contains("scope=\"auth.manage\"", Assert.Single(response.Headers.WwwAuthenticate).ToString(), StringComparison.Ordinal);
            }
        }

        using var lives = await person.GetAsync(Contoso + "/session?fresh=1");
        Assert.Equal(200, (int)lives.StatusCode);
    }

    [Fact]
    public async Task A_token_for_an_API_of_another_site_expired_or_none_is_401()
    {
        // The operator may ask for the API's audience too: with the scope, but for another audience.
        await using var service = await StartAsync(new()
        {
            ["Clients:3:Resources:0"] = "https://orders.example",
            ["Clients:3:Sites:1"] = "fabrikam",
        });
        using var person = await service.SignedInAsync();
        var id = await IdAsync(person);
        using var issuer = service.NewBrowser();
        using var fabrikam = await issuer.FormAsync(Fabrikam + "/token", OAuthCalls.Operator, ("grant_type", "client_credentials"));
        var expired = await service.ClientTokenAsync(OAuthCalls.Operator);
        service.Clock.Advance(TimeSpan.FromMinutes(5));
        string[] headers =
        [
            "Bearer " + await service.ClientTokenAsync(OAuthCalls.Operator, ("resource", "https://orders.example")),
            "Bearer " + await fabrikam.TextAsync("access_token"),
            "Bearer " + expired,
            "Bearer garbage",
            "Basic " + Convert.ToBase64String("demo-operator:demo-operator-secret"u8),
        ];
        foreach (var header in headers)
        {
            using var caller = service.NewBrowser();
            caller.Headers["Authorization"] = header;
            await AllRefusedAsync(await CallAllAsync(caller, id));
        }

        // A session cookie is no token, and no header is none either.
        await AllRefusedAsync(await CallAllAsync(person, id));
        using var nobody = service.NewBrowser();
        await AllRefusedAsync(await CallAllAsync(nobody, id));
        using var lives = await person.PostAsync(Contoso + "/refresh");
        Assert.Equal(200, (int)lives.StatusCode);

        static async Task AllRefusedAsync(IEnumerable<HttpResponseMessage> responses)
        {
            foreach (var response in responses)
            {
                await response.RefusedAsync(401, "invalid_token");
                Assert.Equal("Bearer", response.Headers.WwwAuthenticate.First().Scheme);
            }
        }
    }

    private static async Task<string> IdAsync(Browser person)
    {
        using var me = await person.GetAsync(Contoso + "/session");
        return (await me.JsonAsync()).GetProperty("user").Text("id")!;
    }

    private static async Task<HttpResponseMessage[]> CallAllAsync(Browser caller, string id) =>
    [
        await caller.GetAsync(Contoso + "/manage/users?email=nobody%40people.test"),
        await caller.PostAsync($"{Contoso}/manage/users/{id}/block"),
        await caller.PostAsync($"{Contoso}/manage/users/{id}/unblock"),
        await caller.DeleteAsync($"{Contoso}/manage/users/{id}/sessions"),
    ];
}
