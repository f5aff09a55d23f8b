using AuthFunctions.EndToEnd.Fixtures;

namespace AuthFunctions.EndToEnd.SignIn;

[Collection(OnStage.Name)]
public class SignInTests(Stage stage)
{
    [Theory]
    [MemberData(nameof(Manners.All), MemberType = typeof(Manners))]
    public async Task A_person_signs_in_and_comes_to_the_page_they_were_sent_from(Manner manner)
    {
        var person = await stage.RegisterAsync();
        await stage.VisitAsync(manner, async visitor =>
        {
            await visitor.SignInAsync(stage.Contoso, person, stage.Contoso.App + "/?from=mail");

            Assert.Equal(stage.Contoso.App + "/?from=mail", visitor.Page.Url);
            await visitor.AssertSignedInAsync(stage.Contoso, person.Email);
        });
    }

    [Theory]
    [MemberData(nameof(Manners.All), MemberType = typeof(Manners))]
    public async Task A_wrong_password_is_told_on_the_page_and_the_right_one_still_signs_in(Manner manner)
    {
        var person = await stage.RegisterAsync();
        await stage.VisitAsync(manner, async visitor =>
        {
            var wrong = await visitor.SignInAsync(stage.Contoso, person with { Password = "not the password" });

            Assert.Equal(401, wrong);
            await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
            await visitor.AssertSignedInAsync(stage.Contoso, null);
            await visitor.EnterAsync(person.Email, person.Password);
            await visitor.AssertSignedInAsync(stage.Contoso, person.Email);
        });
    }

    [Theory]
    [MemberData(nameof(Manners.All), MemberType = typeof(Manners))]
    public async Task After_five_wrong_passwords_the_right_one_has_to_wait(Manner manner)
    {
        var person = await stage.RegisterAsync();
        await stage.VisitAsync(manner, async visitor =>
        {
            await visitor.OpenAsync(stage.Contoso.Auth + "/signin");
            for (var i = 0; i < 5; i++)
            {
                Assert.Equal(401, await visitor.EnterAsync(person.Email, "not the password"));
            }

            Assert.Equal(429, await visitor.EnterAsync(person.Email, person.Password));
            await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
            stage.Service.Clock.Advance(TimeSpan.FromSeconds(1));
            await visitor.EnterAsync(person.Email, person.Password);

            await visitor.AssertSignedInAsync(stage.Contoso, person.Email);
        });
    }

    [Theory]
    [MemberData(nameof(Manners.All), MemberType = typeof(Manners))]
    public async Task Past_a_hundred_failures_a_mailed_link_lets_the_owner_in(Manner manner)
    {
        var person = await stage.RegisterAsync();
        using var stranger = stage.Service.NewBrowser();
        for (var i = 0; i < 101; i++)
        {
            using var wrong = await stranger.PostAsync(
                stage.Contoso.Auth + "/login", new { email = person.Email, password = "not the password" }, stage.Contoso.App);
            Assert.Equal(401, (int)wrong.StatusCode);
            stage.Service.Clock.Advance(TimeSpan.FromMinutes(15));
        }

        await stage.VisitAsync(manner, async visitor =>
        {
            Assert.Equal(429, await visitor.SignInAsync(stage.Contoso, person));
            await visitor.FollowAsync("/unlock");
            await visitor.TypeAsync("email", person.Email);
            await visitor.SubmitAsync("/unlock");
            await stage.FollowMailAsync(visitor, stage.Contoso, person.Email);
            await visitor.SubmitAsync("/unlock");
            Assert.Equal(stage.Contoso.Auth + "/signin", visitor.Place);
            await visitor.EnterAsync(person.Email, person.Password);

            await visitor.AssertSignedInAsync(stage.Contoso, person.Email);
        });
    }
}
