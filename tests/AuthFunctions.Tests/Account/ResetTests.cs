using AuthFunctions.Tests.LostResponses;
using static AuthFunctions.Tests.Fixtures.TestService;
using static AuthFunctions.Tests.Account.AccountSteps;

namespace AuthFunctions.Tests.Account;

/// <summary>A forgotten password: by a link in a mail, without a word on whether an address has an account.</summary>
public class ResetTests
{
    private const string Forgot = Contoso + "/forgot";

    [Fact]
    public async Task A_link_sets_a_new_password_and_ends_every_session()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var other = await service.SignedInAsync(email: email);
        var userId = await SessionScenarios.UserIdAsync(other);
        using var browser = service.NewBrowser();

        using var reset = await browser.FormOfAsync(await service.LinkAsync(Forgot, email), ("new_password", NewPassword));

        Assert.Equal((303, "/signin"), ((int)reset.StatusCode, reset.Headers.Location!.OriginalString));
        Assert.False(await other.IsSignedInAsync());
        Assert.Equal(401, await service.LoginAsync(email, Password));
        Assert.Equal(200, await service.LoginAsync(email, NewPassword));
        Assert.Single(await service.EventsAsync(userId, "password_reset"));
        Assert.Empty(await service.RowsAsync(userId, "link_"));
        Assert.Contains($"{email}: Your password for Contoso was changed", await service.MailsAsync());
        Assert.True((await service.FindAsync(email))!.EmailVerified);
    }

    [Fact]
    public async Task The_answer_for_an_unknown_address_is_that_for_a_known_one_to_the_byte_and_costs_the_same()
    {
        await using var service = await StartAsync();
        var known = NewEmail();
        using var owner = await service.SignedInAsync(email: known);
        using var browser = service.NewBrowser();
        using var form = await browser.GetAsync(Forgot);
        var page = await form.Content.ReadAsStringAsync();
        using var warm = await browser.SubmitAsync(Forgot, page, ("email", NewEmail()));

        var unknown = await AnswerAsync(NewEmail());

        Assert.Equal(unknown, await AnswerAsync(known));
        Assert.StartsWith("200 ", unknown, StringComparison.Ordinal);
        await service.DeliverAsync();
        Assert.Equal(known, Assert.Single(service.Mails).To);

        async Task<string> AnswerAsync(string email)
        {
            service.Counter.Reset();
            using var response = await browser.SubmitAsync(Forgot, page, ("email", email));
            var headers = response.Headers.Concat(response.Content.Headers).Where(h => h.Key != "Date").Select(h => $"{h.Key}: {string.Join(',', h.Value)}");
            return $"{(int)response.StatusCode} {string.Join('\n', headers)}\n{await response.Content.ReadAsStringAsync()}\n"
                + $"{service.Counter.Waves} reads, {service.Counter.Commits} writes";
        }
    }

    [Fact]
    public async Task Opening_the_link_changes_nothing_so_that_mail_scanners_may()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var owner = await service.SignedInAsync(email: email);
        var link = await service.LinkAsync(Forgot, email);
        using var scanner = service.NewBrowser();
        (await scanner.GetAsync(link)).Dispose();
        service.Counter.Reset();

        using var opened = await scanner.GetAsync(link);

        Assert.Equal((200, 0), ((int)opened.StatusCode, service.Counter.Commits));
        Assert.True(await owner.IsSignedInAsync());
    }

    [Fact]
    public async Task A_link_works_once()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var owner = await service.SignedInAsync(email: email);
        var link = await service.LinkAsync(Forgot, email);
        using var browser = service.NewBrowser();
        using var form = await browser.GetAsync(link);
        var page = await form.Content.ReadAsStringAsync();
        using var first = await browser.SubmitAsync(Contoso + "/reset", page, ("new_password", NewPassword));
        Assert.Equal(303, (int)first.StatusCode);

        using var second = await browser.SubmitAsync(Contoso + "/reset", page, ("new_password", "a third long password"));

        Assert.Equal((400, "link_invalid"), ((int)second.StatusCode, await second.CodeAsync()));
        Assert.Equal(200, await service.LoginAsync(email, NewPassword));
    }

    [Fact]
    public async Task A_link_lives_a_quarter_of_an_hour_and_not_a_second_longer()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var owner = await service.SignedInAsync(email: email);
        var link = await service.LinkAsync(Forgot, email);
        using var browser = service.NewBrowser();
        service.Clock.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromSeconds(1));
        using var form = await browser.GetAsync(link);
        Assert.Equal(200, (int)form.StatusCode);

        service.Clock.Advance(TimeSpan.FromSeconds(1));
        using var late = await browser.SubmitAsync(Contoso + "/reset", await form.Content.ReadAsStringAsync(), ("new_password", NewPassword));

        Assert.Equal("link_invalid", await late.CodeAsync());
        Assert.Equal(200, await service.LoginAsync(email, Password));
    }

    [Theory]
    [InlineData("at another site")]
    [InlineData("altered")]
    [InlineData("for another purpose")]
    [InlineData("after the address changed")]
    [InlineData("after another link reset the password")]
    public async Task A_link_is_worth_nothing_elsewhere(string where)
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var owner = await service.SignedInAsync(email: email);
        var link = await service.LinkAsync(Forgot, email);
        using var browser = service.NewBrowser();
        using var valid = await browser.GetAsync(link);
        Assert.Equal(200, (int)valid.StatusCode);
        switch (where)
        {
            case "at another site":
                link = link.Replace("contoso", "fabrikam", StringComparison.Ordinal);
                break;
            case "altered":
                link = link[..^1] + (link[^1] == 'A' ? 'E' : 'A');
                break;
            case "for another purpose":
                link = link.Replace("/reset?", "/unlock?", StringComparison.Ordinal);
                break;
            case "after the address changed":
                var users = service.Get<AuthFunctions.Users.UserStore>();
                var moved = (await service.FindAsync(email))! with { EmailHash = "another" };
                Assert.IsType<AuthFunctions.Storage.Commit.Done>(await service.Table("Users").CommitAsync([users.Replace(moved)], default));
                break;
            default:
                using (var reset = await browser.FormOfAsync(await service.LinkAsync(Forgot, email), ("new_password", NewPassword)))
                {
                    Assert.Equal(303, (int)reset.StatusCode);
                }

                break;
        }

        using var dead = await browser.GetAsync(link);

        Assert.Equal((400, "link_invalid"), ((int)dead.StatusCode, await dead.CodeAsync()));
    }

    [Fact]
    public async Task A_password_that_may_not_be_chosen_leaves_the_link_alive()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var owner = await service.SignedInAsync(email: email);
        using var browser = service.NewBrowser();
        var link = await service.LinkAsync(Forgot, email);

        using var refused = await browser.FormOfAsync(link, ("new_password", "short"));

        Assert.Equal(400, (int)refused.StatusCode);
        using var reset = await browser.FormOfAsync(link, ("new_password", NewPassword));
        Assert.Equal(303, (int)reset.StatusCode);
    }

    [Fact]
    public async Task Nobody_s_letter_box_is_filled_by_strangers()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var browser = service.NewBrowser();
        for (var i = 0; i < 5; i++)
        {
            using var asked = await browser.FormOfAsync(Forgot, ("email", email));
            Assert.Equal(200, (int)asked.StatusCode);
        }

        using var refused = await browser.FormOfAsync(Forgot, ("email", email.ToUpperInvariant()));

        Assert.Equal(429, (int)refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
        using var other = await browser.FormOfAsync(Forgot, ("email", NewEmail()));
        Assert.Equal(200, (int)other.StatusCode);
    }

    [Fact]
    public async Task A_form_from_another_page_is_refused()
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();
        using var request = new HttpRequestMessage(HttpMethod.Post, Forgot)
        {
            Content = new FormUrlEncodedContent([new("email", NewEmail())]),
        };
        request.Headers.Add("Origin", "https://evil.test");

        using var refused = await browser.SendAsync(request);

        Assert.Equal((403, "cross_site"), ((int)refused.StatusCode, await refused.CodeAsync()));
        Assert.Null(service.Queue.TryTake());
    }

    [Fact]
    public async Task A_mail_that_is_sent_twice_carries_one_link()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var owner = await service.SignedInAsync(email: email);
        using var browser = service.NewBrowser();
        using var asked = await browser.FormOfAsync(Forgot, ("email", email));
        _ = service.Table("Outbox");
        service.Faults["Outbox"].When = Picks.Deleting("outbox_");
        service.Faults["Outbox"].NextCommit = Storage.Fault.FailBeforeCommit;
        await Assert.ThrowsAsync<Protocol.OutageException>(service.DeliverAsync);

        await service.RequeueAsync();

        Assert.Equal(2, service.Mails.Count);
        Assert.Single(service.Mails.Select(m => m.Text).Distinct(StringComparer.Ordinal));
        using var reset = await browser.FormOfAsync(await service.LinkAsync(), ("new_password", NewPassword));
        Assert.Equal(303, (int)reset.StatusCode);
    }
}
