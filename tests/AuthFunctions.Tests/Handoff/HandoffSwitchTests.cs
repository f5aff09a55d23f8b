using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Pages;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Handoff;

/// <summary>Somebody is signed in at the target already.</summary>
public class HandoffSwitchTests(HandoffService shared) : IClassFixture<HandoffService>
{
    private const string Gone = "Refused with 401 session_ended: handoff: the waiting session is gone, or the page was another browser's or about another person";

    private readonly TestService service = shared.Service;

    [Fact]
    public async Task The_same_persons_old_session_is_replaced_and_ended()
    {
        var email = NewEmail();
        using var handoff = new HandoffCeremony(service, await service.SignedInAsync(email: email));
        using var login = await handoff.Browser.PostAsync(Fabrikam + "/login", new { email, password = Password });
        using var old = handoff.Browser.Copy();
        Assert.NotNull(await HandoffCeremony.PersonAtAsync(old, Fabrikam));

        await handoff.ArrivedAsync();

        Assert.Null(await HandoffCeremony.PersonAtAsync(old, Fabrikam));
        Assert.NotNull(await handoff.PersonAtAsync(Fabrikam));
        Assert.Equal(2, (await handoff.RowsAsync()).Count);
    }

    [Fact]
    public async Task Another_person_is_not_switched_away_from_without_being_asked()
    {
        using var two = await TwoPeopleAsync();

        Assert.Contains("You are signed in here as <strong>Bob Current</strong>, and arrive as <strong>Alice Newcomer</strong>.", two.Page, StringComparison.Ordinal);
        Assert.DoesNotContain("__Host-sid", string.Join(' ', two.SetCookies), StringComparison.Ordinal);
        Assert.DoesNotContain("__Host-at", string.Join(' ', two.SetCookies), StringComparison.Ordinal);
        Assert.Equal(
            PagePolicy.Start + " http://app.fabrikam.localhost:5173", two.Policy);
        Assert.Equal(two.Bob, await two.Handoff.PersonAtAsync(Fabrikam));
    }

    [Fact]
    public async Task Choosing_to_switch_ends_the_other_persons_session_and_begins_the_newcomers()
    {
        using var two = await TwoPeopleAsync();
        using var bob = two.Handoff.Browser.Copy();

        using var answer = await two.ChooseAsync("switch");

        Assert.Equal(two.Handoff.ReturnTo, await HandoffCeremony.RedirectedAsync(answer));
        Assert.Equal(two.Alice, await two.Handoff.PersonAtAsync(Fabrikam));
        Assert.Null(await HandoffCeremony.PersonAtAsync(bob, Fabrikam));
        Assert.Empty(two.Handoff.HandoffCookies());

        // A second click of the same page finds that it is done.
        using var again = await two.ChooseAsync("switch");
        Assert.Equal(303, (int)again.StatusCode);
        Assert.Equal(two.Alice, await two.Handoff.PersonAtAsync(Fabrikam));
    }

    [Fact]
    public async Task A_lost_answer_to_the_switch_can_be_repeated()
    {
        using var two = await TwoPeopleAsync();
        using var before = two.Handoff.Browser.Copy();
        using var lost = await two.ChooseAsync("switch");

        using var repeated = await before.SendAsync(PageFields.Post(
            Fabrikam + "/handoff/accept", PageFields.Of(two.Page).Append(new("choice", "switch")), Fabrikam));

        Assert.Equal(303, (int)repeated.StatusCode);
        Assert.Equal(two.Handoff.Browser.Cookie(Fabrikam, "__Host-sid"), before.Cookie(Fabrikam, "__Host-sid"));
    }

    [Fact]
    public async Task Choosing_to_stay_ends_what_was_handed_over_and_keeps_both_peoples_own_sessions()
    {
        using var two = await TwoPeopleAsync();
        Assert.Equal(2, (await two.Handoff.RowsAsync()).Count);

        using var answer = await two.ChooseAsync("stay");

        Assert.Equal(two.Handoff.ReturnTo, await HandoffCeremony.RedirectedAsync(answer));
        Assert.Equal(two.Bob, await two.Handoff.PersonAtAsync(Fabrikam));
        Assert.Equal(two.Alice, await two.Handoff.PersonAtAsync(Contoso));
        Assert.Single(await two.Handoff.RowsAsync());

        // And there is no way back to it, by the page or by the token.
        using var late = await two.ChooseAsync("switch");
        await HandoffCeremony.AssertErrorPageAsync(late, 401, "session_ended");
        await two.Handoff.RefusedOnPageAsync(two.StepThree);
    }

    [Theory]
    [InlineData("csrf missing")]
    [InlineData("csrf of another browser")]
    [InlineData("foreign origin")]
    [InlineData("source's origin")]
    [InlineData("null origin")]
    [InlineData("no origin")]
    public async Task A_choice_that_another_page_forged_changes_nothing(string how)
    {
        using var two = await TwoPeopleAsync();
        using var other = await TwoPeopleAsync();
        var fields = PageFields.Of(two.Page).Append(new("choice", "switch"));
        fields = how switch
        {
            "csrf missing" => fields.Where(f => f.Key != "csrf"),
            "csrf of another browser" => fields.Where(f => f.Key != "csrf").Append(new("csrf", PageFields.Of(other.Page)["csrf"])),
            _ => fields,
        };

        using var forged = await two.Handoff.Browser.SendAsync(PageFields.Post(Fabrikam + "/handoff/accept", fields, how switch
        {
            "foreign origin" => "http://evil.test",
            "source's origin" => Contoso,
            "null origin" => "null",
            "no origin" => null,
            _ => Fabrikam,
        }));

        await HandoffCeremony.AssertErrorPageAsync(forged, 403, "cross_site");
        Assert.Equal(two.Bob, await two.Handoff.PersonAtAsync(Fabrikam));
        using var genuine = await two.ChooseAsync("switch");
        Assert.Equal(303, (int)genuine.StatusCode);
    }

    [Theory]
    [InlineData(299, true)]
    [InlineData(300, false)]
    public async Task The_page_waits_for_five_minutes(int seconds, bool inTime)
    {
        using var two = await TwoPeopleAsync();
        service.Clock.Advance(TimeSpan.FromSeconds(seconds));

        using var answer = await two.ChooseAsync("switch");

        if (inTime)
        {
            Assert.Equal(303, (int)answer.StatusCode);
            return;
        }

        // The access token lives for five minutes as well.
        using var refreshed = await two.Handoff.Browser.PostAsync(Fabrikam + "/refresh");
        Assert.Equal(200, (int)refreshed.StatusCode);
        await RefusedAsync(two, answer);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("CfDJ8AAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_waiting_session_that_was_not_sealed_here_is_refused(string pending)
    {
        using var two = await TwoPeopleAsync();

        using var answer = await two.Handoff.Browser.SubmitAsync(Fabrikam + "/handoff/accept", two.Page, ("pending", pending), ("choice", "switch"));

        await RefusedAsync(two, answer);
    }

    [Fact]
    public async Task A_sealed_handoff_cookie_does_not_pass_for_a_waiting_session()
    {
        using var two = await TwoPeopleAsync();
        await two.Handoff.StartAsync();
        var cookie = two.Handoff.Browser.Cookie(Fabrikam, two.Handoff.HandoffCookies()[^1])!;

        using var answer = await two.Handoff.Browser.SubmitAsync(Fabrikam + "/handoff/accept", two.Page, ("pending", cookie), ("choice", "switch"));

        await RefusedAsync(two, answer);
    }

    [Fact]
    public async Task The_waiting_session_of_another_browser_is_refused()
    {
        using var attacker = await TwoPeopleAsync();
        using var two = await TwoPeopleAsync();

        // The victim's own page and token, with what the attacker's page held: the victim would be signed in as the attacker.
        using var answer = await two.Handoff.Browser.SubmitAsync(
            Fabrikam + "/handoff/accept", two.Page, ("pending", PageFields.Of(attacker.Page)["pending"]), ("choice", "switch"));

        await RefusedAsync(two, answer);
        using var own = await attacker.ChooseAsync("switch");
        Assert.Equal(303, (int)own.StatusCode);
    }

    [Fact]
    public async Task A_page_about_two_people_does_not_switch_a_third_away()
    {
        using var two = await TwoPeopleAsync();
        using var logout = await two.Handoff.Browser.PostAsync(Fabrikam + "/logout");
        using var carol = await two.Handoff.Browser.PostAsync(
            Fabrikam + "/register", new { email = NewEmail(), password = Password, name = "Carol Third" });
        var person = await two.Handoff.PersonAtAsync(Fabrikam);

        using var answer = await two.ChooseAsync("switch");

        await HandoffCeremony.AssertErrorPageAsync(answer, 401, "session_ended");
        two.Handoff.AssertLogged(Gone);
        Assert.NotNull(person);
        Assert.Equal(person, await two.Handoff.PersonAtAsync(Fabrikam));
    }

    [Fact]
    public async Task A_newcomer_who_signed_out_meanwhile_does_not_arrive()
    {
        using var two = await TwoPeopleAsync();
        using var logout = await two.Handoff.Browser.PostAsync(Contoso + "/logout");

        using var answer = await two.ChooseAsync("switch");

        await RefusedAsync(two, answer);
    }

    [Fact]
    public async Task A_lost_page_repeated_in_time_asks_again()
    {
        using var two = await TwoPeopleAsync();

        using var again = await two.Handoff.Browser.GetAsync(two.StepThree);

        Assert.Equal(200, (int)again.StatusCode);
        Assert.Contains("Alice Newcomer", await again.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(2, (await two.Handoff.RowsAsync()).Count);
    }

    private static async Task RefusedAsync(TwoPeople two, HttpResponseMessage answer)
    {
        await HandoffCeremony.AssertErrorPageAsync(answer, 401, "session_ended");
        HandoffCeremony.AssertNoSession(answer);
        two.Handoff.AssertLogged(Gone);
        Assert.Equal(two.Bob, await two.Handoff.PersonAtAsync(Fabrikam));
    }

    /// <summary>Alice at contoso and Bob at fabrikam in one browser, before the page that asks.</summary>
    private async Task<TwoPeople> TwoPeopleAsync()
    {
        var browser = service.NewBrowser();
        foreach (var (site, name) in new[] { (Contoso, "Alice Newcomer"), (Fabrikam, "Bob Current") })
        {
            using var registered = await browser.PostAsync(site + "/register", new { email = NewEmail(), password = Password, name });
            Assert.Equal(201, (int)registered.StatusCode);
        }

        var handoff = new HandoffCeremony(service, browser);
        var (alice, bob) = (await handoff.PersonAtAsync(Contoso), await handoff.PersonAtAsync(Fabrikam));
        var three = await handoff.MintAsync();
        using var asked = await browser.GetAsync(three);
        Assert.Equal(200, (int)asked.StatusCode);
        return new TwoPeople(
            handoff, alice!, bob!, three, await asked.Content.ReadAsStringAsync(), [.. asked.Headers.GetValues("Set-Cookie")],
            asked.Headers.GetValues("Content-Security-Policy").Single());
    }

    private sealed record TwoPeople(
        HandoffCeremony Handoff, string Alice, string Bob, string StepThree, string Page, IReadOnlyList<string> SetCookies, string Policy) : IDisposable
    {
        public Task<HttpResponseMessage> ChooseAsync(string choice) =>
            Handoff.Browser.SubmitAsync(Fabrikam + "/handoff/accept", Page, ("choice", choice));

        public void Dispose() => Handoff.Dispose();
    }
}
