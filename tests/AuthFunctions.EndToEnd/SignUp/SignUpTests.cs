using AuthFunctions.EndToEnd.Fixtures;

namespace AuthFunctions.EndToEnd.SignUp;

[Collection(OnStage.Name)]
public class SignUpTests(Stage stage)
{
    [Theory]
    [MemberData(nameof(Manners.WithScript), MemberType = typeof(Manners))]
    public Task A_person_signs_up_in_the_app_and_through_the_link_in_the_outbox(Manner manner) => stage.VisitAsync(manner, async visitor =>
    {
        var person = Person.New();
        await visitor.OpenAsync(stage.Contoso.App);
        await SignUpAsync(visitor, person);
        await visitor.AssertSignedInAsync(stage.Contoso, null);

        await stage.FollowMailAsync(visitor, stage.Contoso, person.Email);
        await visitor.TypeAsync("password", person.Password);
        await visitor.SubmitAsync("/verify");

        Assert.Equal(stage.Contoso.App + "/", visitor.Page.Url);
        await Frontend.ShowsAsync(visitor.Page, person);
    });

    [Theory]
    [MemberData(nameof(Manners.All), MemberType = typeof(Manners))]
    public Task A_person_signs_up_on_the_page_and_through_the_link_in_the_outbox(Manner manner) => stage.VisitAsync(manner, async visitor =>
    {
        var person = Person.New();
        await visitor.OpenAsync(stage.Contoso.Auth + "/signin");
        await visitor.FollowAsync("/signup");
        await visitor.TypeAsync("email", person.Email, "/signup");
        await visitor.TypeAsync("password", person.Password, "/signup");
        Assert.Equal(200, await visitor.SubmitAsync("/signup"));
        await visitor.AssertSignedInAsync(stage.Contoso, null);

        await stage.FollowMailAsync(visitor, stage.Contoso, person.Email);
        await visitor.TypeAsync("password", person.Password);
        await visitor.SubmitAsync("/verify");

        await visitor.AssertSignedInAsync(stage.Contoso, person.Email);
    });

    [Theory]
    [MemberData(nameof(Manners.All), MemberType = typeof(Manners))]
    public async Task The_link_wants_the_password_that_was_chosen_and_says_so_on_its_page(Manner manner)
    {
        var person = await BeginAsync();
        await stage.VisitAsync(manner, async visitor =>
        {
            await stage.FollowMailAsync(visitor, stage.Contoso, person.Email);
            await visitor.TypeAsync("password", "another password than that");

            Assert.Equal(401, await visitor.SubmitAsync("/verify"));
            await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
            await visitor.TypeAsync("password", person.Password);
            await visitor.SubmitAsync("/verify");
            await visitor.AssertSignedInAsync(stage.Contoso, person.Email);
        });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_link_that_was_used_or_has_expired_is_an_error_page_and_signs_nobody_in(bool isExpired)
    {
        var person = await BeginAsync();
        await stage.VisitAsync(async visitor =>
        {
            Assert.Equal(200, await stage.FollowMailAsync(visitor, stage.Contoso, person.Email));
            var link = visitor.Page.Url;
            if (isExpired)
            {
                stage.Service.Clock.Advance(TimeSpan.FromHours(24));
            }
            else
            {
                await visitor.TypeAsync("password", person.Password);
                await visitor.SubmitAsync("/verify");
            }

            await stage.VisitAsync(async other =>
            {
                Assert.Equal(400, await other.OpenAsync(link));
                await Assertions.Expect(other.Page.Locator("form")).ToHaveCountAsync(0);
                await other.AssertSignedInAsync(stage.Contoso, null);
            });
        });
    }

    private async Task SignUpAsync(Visitor visitor, Person person)
    {
        var form = Frontend.SignUp(visitor.Page);
        await visitor.TypeAsync(form.Locator("input[name=name]"), person.Name);
        await visitor.TypeAsync(form.Locator("input[name=email]"), person.Email);
        await visitor.TypeAsync(form.Locator("input[name=password]"), person.Password);
        var answer = await visitor.Page.RunAndWaitForResponseAsync(
            () => visitor.PressAsync(form.Locator("button")), r => r.Url == stage.Contoso.Auth + "/register" && r.Request.Method == "POST");
        Assert.Equal(202, answer.Status);
    }

    /// <summary>Somebody who has registered, and whose mail waits.</summary>
    private async Task<Person> BeginAsync()
    {
        var person = Person.New();
        using var browser = stage.Service.NewBrowser();
        using var registered = await browser.PostAsync(
            stage.Contoso.Auth + "/register", new { email = person.Email, password = person.Password }, stage.Contoso.App);
        Assert.Equal(202, (int)registered.StatusCode);
        return person;
    }
}
