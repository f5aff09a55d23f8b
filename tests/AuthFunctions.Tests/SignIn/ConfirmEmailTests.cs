using AuthFunctions.Sessions;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Storage;
using AuthFunctions.Tests.Tokens;
using AuthFunctions.Users;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.SignIn;

/// <summary>With <c>Accounts:ConfirmEmail</c> on: an unconfirmed address owns nothing.</summary>
public class ConfirmEmailTests
{
    private const string Verify = Contoso + "/verify";

    [Fact]
    public async Task A_registration_waits_until_its_address_is_confirmed_with_its_password()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var browser = service.NewBrowser();

        using var waiting = await browser.PostAsync(Contoso + "/register", new { email, password = Password, name = "Ada" });

        Assert.Equal(202, (int)waiting.StatusCode);
        Assert.Empty(browser.Cookies);
        using var early = await browser.PostAsync(Contoso + "/login", new { email, password = Password });
        await early.RefusedAsync(401, "invalid_credentials");
        using var confirmed = await ConfirmAsync(browser, await service.LinkAsync());
        Assert.Equal(303, (int)confirmed.StatusCode);
        Assert.Equal(ContosoApp + "/", confirmed.Headers.Location!.ToString());
        using var session = await browser.GetAsync(Contoso + "/session?fresh=1");
        Assert.Equal("Ada", (await session.JsonAsync()).GetProperty("user").Text("name"));
        Assert.True((await FindAsync(service, email))!.EmailVerified);
        using var login = await service.NewBrowser().PostAsync(Contoso + "/login", new { email, password = Password });
        Assert.Equal(200, (int)login.StatusCode);
    }

    [Fact]
    public async Task The_answer_for_a_taken_address_is_that_for_a_free_one_to_the_byte_and_costs_the_same()
    {
        await using var service = await StartAsync();
        var taken = NewEmail();
        using var owner = await RegisteredAsync(service, taken);
        using var stranger = service.NewBrowser();
        using var warm = await stranger.PostAsync(Contoso + "/register", new { email = NewEmail(), password = Password });

        var free = await AnswerAsync(NewEmail());
        var known = await AnswerAsync(taken);

        Assert.Equal(free, known);
        Assert.StartsWith("202 ", free, StringComparison.Ordinal);

        async Task<string> AnswerAsync(string email)
        {
            service.Counter.Reset();
            var hashes = service.Hasher.Operations;
            using var response = await stranger.PostAsync(Contoso + "/register", new { email, password = Password });
            var headers = response.Headers.Concat(response.Content.Headers).Where(h => h.Key != "Date").Select(h => $"{h.Key}: {string.Join(',', h.Value)}");
            return $"{(int)response.StatusCode} {string.Join('\n', headers)}\n{Convert.ToHexString(await response.Content.ReadAsByteArrayAsync())}\n"
                + $"{service.Hasher.Operations - hashes} hashes, {service.Counter.Waves} reads, {service.Counter.Commits} writes";
        }
    }

    [Fact]
    public async Task Opening_the_link_changes_nothing_so_that_mail_scanners_may()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        var link = await WaitingAsync(service, email);
        using var scanner = service.NewBrowser();
        using var first = await scanner.GetAsync(link);
        service.Counter.Reset();

        using var second = await scanner.GetAsync(link);

        Assert.Equal((200, 200), ((int)first.StatusCode, (int)second.StatusCode));
        Assert.Equal(0, service.Counter.Commits);
        Assert.Null(await FindAsync(service, email));
        Assert.Equal("same-origin", Assert.Single(second.Headers.GetValues("Referrer-Policy")));
        Assert.Equal("no-store", second.Headers.CacheControl!.ToString());
    }

    [Fact]
    public async Task The_fifth_wrong_password_kills_the_link()
    {
        await using var service = await StartAsync();
        var link = await WaitingAsync(service, NewEmail());
        using var browser = service.NewBrowser();
        for (var i = 0; i < 5; i++)
        {
            using var wrong = await ConfirmAsync(browser, link, "wrong wrong wrong");
            Assert.Equal(i < 4 ? 401 : 400, (int)wrong.StatusCode);
        }

        using var right = await browser.GetAsync(link);

        await DeadAsync(right);
    }

    [Fact]
    public async Task Four_wrong_passwords_are_forgiven()
    {
        await using var service = await StartAsync();
        var link = await WaitingAsync(service, NewEmail());
        using var browser = service.NewBrowser();
        for (var i = 0; i < 4; i++)
        {
            using var wrong = await ConfirmAsync(browser, link, "wrong wrong wrong");
        }

        using var right = await ConfirmAsync(browser, link);

        Assert.Equal(303, (int)right.StatusCode);
    }

    [Fact]
    public async Task Wrong_passwords_at_the_same_moment_each_count()
    {
        await using var service = await StartAsync();
        var link = await WaitingAsync(service, NewEmail());
        using var browser = service.NewBrowser();
        using var form = await browser.GetAsync(link);
        var page = await form.Content.ReadAsStringAsync();

        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => browser.SubmitAsync(Verify, page, ("password", "wrong wrong wrong"))));

        using var right = await browser.SubmitAsync(Verify, page, ("password", Password));
        await DeadAsync(right);
    }

    [Fact]
    public async Task A_link_lives_a_day_and_not_a_second_longer()
    {
        await using var service = await StartAsync();
        var link = await WaitingAsync(service, NewEmail());
        using var browser = service.NewBrowser();
        service.Clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        using var form = await browser.GetAsync(link);
        Assert.Equal(200, (int)form.StatusCode);

        service.Clock.Advance(TimeSpan.FromSeconds(1));
        using var late = await browser.SubmitAsync(Verify, await form.Content.ReadAsStringAsync(), ("password", Password));

        await DeadAsync(late);
    }

    [Fact]
    public async Task A_link_is_worth_nothing_at_another_site_altered_or_used()
    {
        await using var service = await StartAsync();
        var link = await WaitingAsync(service, NewEmail());
        using var browser = service.NewBrowser();
        using var form = await browser.GetAsync(link);
        var page = await form.Content.ReadAsStringAsync();
        var last = link[^10];

        using var elsewhere = await browser.GetAsync(link.Replace(Contoso, Fabrikam, StringComparison.Ordinal));
        using var altered = await browser.GetAsync(link[..^10] + (last == 'A' ? 'B' : 'A') + link[^9..]);
        using var none = await browser.GetAsync(Verify);
        using var confirmed = await ConfirmAsync(browser, link);
        using var reused = await browser.SubmitAsync(Verify, page, ("password", Password));

        await DeadAsync(elsewhere);
        await DeadAsync(altered);
        await DeadAsync(none);
        Assert.Equal(303, (int)confirmed.StatusCode);
        await DeadAsync(reused);
    }

    [Fact]
    public async Task The_form_needs_the_auth_host_s_own_origin_and_the_browser_s_token()
    {
        await using var service = await StartAsync();
        var link = await WaitingAsync(service, NewEmail());
        using var browser = service.NewBrowser();
        using var form = await browser.GetAsync(link);
        var page = await form.Content.ReadAsStringAsync();
        using var stranger = service.NewBrowser();

        using var withoutCookie = await stranger.SubmitAsync(Verify, page, ("password", Password));
        using var withoutToken = await browser.SubmitAsync(Verify, page, ("password", Password), ("csrf", ""));

        Assert.Equal((403, 403), ((int)withoutCookie.StatusCode, (int)withoutToken.StatusCode));
        using var valid = await browser.SubmitAsync(Verify, page, ("password", Password));
        Assert.Equal(303, (int)valid.StatusCode);
    }

    [Fact]
    public async Task Registering_a_stranger_s_address_gains_nothing_once_its_owner_confirms()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        var planted = await WaitingAsync(service, email, "the attacker's own choice");
        var own = await WaitingAsync(service, email);

        // The owner's password does not fit the attacker's link, should the owner click that.
        using var owner = service.NewBrowser();
        using var confused = await ConfirmAsync(owner, planted);
        Assert.Equal(401, (int)confused.StatusCode);
        using var confirmed = await ConfirmAsync(owner, own);
        Assert.Equal(303, (int)confirmed.StatusCode);

        using var attacker = service.NewBrowser();
        using var late = await ConfirmAsync(attacker, planted, "the attacker's own choice");
        Assert.Equal(409, (int)late.StatusCode);
        Assert.Null(attacker.Cookie(Contoso, "__Host-sid"));
        using var login = await attacker.PostAsync(Contoso + "/login", new { email, password = "the attacker's own choice" });
        await login.RefusedAsync(401, "invalid_credentials");
        using var session = await owner.GetAsync(Contoso + "/session?fresh=1");
        Assert.Equal(200, (int)session.StatusCode);
    }

    [Fact]
    public async Task A_confirmation_whose_answer_was_lost_can_be_repeated()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        var link = await WaitingAsync(service, email);
        using var browser = service.NewBrowser();
        using var form = await browser.GetAsync(link);
        var page = await form.Content.ReadAsStringAsync();

        // The registration's row outlives its confirmation: its deletion fails.
        service.Faults["PendingRegistrations"].NextCommit = Fault.FailBeforeCommit;
        using var first = await browser.SubmitAsync(Verify, page, ("password", Password));
        Assert.Equal(303, (int)first.StatusCode);
        var user = (await FindAsync(service, email))!;

        using var repeated = await browser.SubmitAsync(Verify, page, ("password", Password));

        Assert.Equal(303, (int)repeated.StatusCode);
        Assert.Equal(user.Id, (await FindAsync(service, email))!.Id);
    }

    [Fact]
    public async Task A_repeated_confirmation_lets_nobody_in_who_was_blocked_meanwhile()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        var link = await WaitingAsync(service, email);
        using var browser = service.NewBrowser();
        using var form = await browser.GetAsync(link);
        var page = await form.Content.ReadAsStringAsync();

        // The registration's row outlives its confirmation: its deletion fails.
        service.Faults["PendingRegistrations"].NextCommit = Fault.FailBeforeCommit;
        using var first = await browser.SubmitAsync(Verify, page, ("password", Password));
        Assert.Equal(303, (int)first.StatusCode);
        Assert.True(await service.Get<UserBlocking>().BlockAsync((await FindAsync(service, email))!.Id, "test", default));
        browser.Cookies.Remove(("auth.contoso.localhost", "__Host-sid"));

        using var repeated = await browser.SubmitAsync(Verify, page, ("password", Password));

        Assert.Equal(403, (int)repeated.StatusCode);
        Assert.Null(browser.Cookie(Contoso, "__Host-sid"));
    }

    private static Task<TestService> StartAsync() => TestService.StartAsync(new() { ["Accounts:ConfirmEmail"] = "true" });

    private static async Task<string> WaitingAsync(TestService service, string email, string password = Password)
    {
        using var browser = service.NewBrowser();
        using var response = await browser.PostAsync(Contoso + "/register", new { email, password });
        Assert.Equal(202, (int)response.StatusCode);
        return await service.LinkAsync();
    }

    private static async Task<Browser> RegisteredAsync(TestService service, string email)
    {
        var browser = service.NewBrowser();
        using var confirmed = await ConfirmAsync(browser, await WaitingAsync(service, email));
        Assert.Equal(303, (int)confirmed.StatusCode);
        return browser;
    }

    private static async Task<HttpResponseMessage> ConfirmAsync(Browser browser, string link, string password = Password)
    {
        using var form = await browser.GetAsync(link);
        Assert.Equal(200, (int)form.StatusCode);
        return await browser.SubmitAsync(Verify, await form.Content.ReadAsStringAsync(), ("password", password));
    }

    private static async Task<UserRow?> FindAsync(TestService service, string email)
    {
        Assert.True(EmailAddress.TryParse(email, out var address));
        return await service.Get<UserDirectory>().FindAsync(address, default);
    }

    private static async Task DeadAsync(HttpResponseMessage response)
    {
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains("<code>link_invalid</code>", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
