using AuthFunctions.EndToEnd.Fixtures;

namespace AuthFunctions.EndToEnd.Account;

[Collection(OnStage.Name)]
public class AccountTests(Stage stage)
{
    private const string NewPassword = "quite another long password";

    [Theory]
    [MemberData(nameof(Manners.All), MemberType = typeof(Manners))]
    public async Task A_forgotten_password_is_replaced_through_a_mailed_link_and_every_session_ends(Manner manner)
    {
        await stage.VisitAsync(async elsewhere =>
        {
            var person = await stage.SignInAsync(elsewhere, stage.Contoso);
            await stage.VisitAsync(manner, async visitor =>
            {
                await visitor.OpenAsync(stage.Contoso.Auth + "/signin");
                await visitor.FollowAsync("/forgot");
                await visitor.TypeAsync("email", person.Email);
                Assert.Equal(200, await visitor.SubmitAsync("/forgot"));
                await stage.FollowMailAsync(visitor, stage.Contoso, person.Email);
                var link = visitor.Page.Url;
                await elsewhere.AssertSignedInAsync(stage.Contoso, person.Email);

                await visitor.TypeAsync("new_password", NewPassword);
                await visitor.SubmitAsync("/reset");

                Assert.Equal(stage.Contoso.Auth + "/signin", visitor.Place);
                Assert.Equal(401, await visitor.EnterAsync(person.Email, person.Password));
                await visitor.EnterAsync(person.Email, NewPassword);
                await visitor.AssertSignedInAsync(stage.Contoso, person.Email);
                await elsewhere.AssertSignedInAsync(stage.Contoso, null);
                Assert.Equal(400, await visitor.OpenAsync(link));
            });
        });
    }

    [Fact]
    public async Task An_expired_link_resets_nothing_even_if_its_page_was_opened_in_time()
    {
        var person = await stage.RegisterAsync();
        await stage.VisitAsync(async visitor =>
        {
            await visitor.OpenAsync(stage.Contoso.Auth + "/forgot");
            await visitor.TypeAsync("email", person.Email);
            await visitor.SubmitAsync("/forgot");
            Assert.Equal(200, await stage.FollowMailAsync(visitor, stage.Contoso, person.Email));
            var link = visitor.Page.Url;
            stage.Service.Clock.Advance(TimeSpan.FromMinutes(15));

            await visitor.TypeAsync("new_password", NewPassword);
            Assert.Equal(400, await visitor.SubmitAsync("/reset"));
            Assert.Equal(400, await visitor.OpenAsync(link));

            Assert.Equal(401, await visitor.SignInAsync(stage.Contoso, person with { Password = NewPassword }));
            await visitor.EnterAsync(person.Email, person.Password);
            await visitor.AssertSignedInAsync(stage.Contoso, person.Email);
        });
    }

    [Theory]
    [MemberData(nameof(Manners.All), MemberType = typeof(Manners))]
    public Task A_person_changes_the_address_through_a_link_to_the_new_one(Manner manner) => stage.VisitAsync(manner, async visitor =>
    {
        var person = await stage.SignInAsync(visitor, stage.Contoso);
        var moved = person with { Email = Person.New().Email };
        await visitor.OpenAsync(stage.Contoso.Auth + "/account");
        await visitor.TypeAsync("email", moved.Email, "/account/email");
        await visitor.TypeAsync("password", person.Password, "/account/email");
        await visitor.SubmitAsync("/account/email");
        await visitor.AssertSignedInAsync(stage.Contoso, person.Email);

        await stage.FollowMailAsync(visitor, stage.Contoso, moved.Email);
        await visitor.SubmitAsync("/account/email/confirm");

        Assert.Equal(stage.Contoso.Auth + "/account", visitor.Place);
        Assert.Contains(moved.Email, await visitor.Page.ContentAsync(), StringComparison.Ordinal);
        await stage.Service.DeliverAsync();
        await visitor.OpenAsync(stage.Contoso.Auth + "/dev/outbox");
        Assert.Contains(person.Email, await visitor.Page.InnerTextAsync("body"), StringComparison.Ordinal);
        await stage.VisitAsync(async elsewhere =>
        {
            Assert.Equal(401, await elsewhere.SignInAsync(stage.Contoso, person));
            await elsewhere.EnterAsync(moved.Email, moved.Password);
            await elsewhere.AssertSignedInAsync(stage.Contoso, moved.Email);
        });
    });

    [Theory]
    [MemberData(nameof(Manners.All), MemberType = typeof(Manners))]
    public Task A_person_changes_the_password_and_stays_signed_in(Manner manner) => stage.VisitAsync(manner, async visitor =>
    {
        var person = await stage.SignInAsync(visitor, stage.Contoso);
        await visitor.OpenAsync(stage.Contoso.Auth + "/account");
        await visitor.TypeAsync("password", person.Password, "/account/password");
        await visitor.TypeAsync("new_password", NewPassword, "/account/password");

        await visitor.SubmitAsync("/account/password");

        await visitor.AssertSignedInAsync(stage.Contoso, person.Email);
        await stage.VisitAsync(async elsewhere =>
        {
            Assert.Equal(401, await elsewhere.SignInAsync(stage.Contoso, person));
            await elsewhere.EnterAsync(person.Email, NewPassword);
            await elsewhere.AssertSignedInAsync(stage.Contoso, person.Email);
        });
    });

    [Theory]
    [MemberData(nameof(Manners.All), MemberType = typeof(Manners))]
    public Task A_person_deletes_the_account(Manner manner) => stage.VisitAsync(manner, async visitor =>
    {
        var person = await stage.SignInAsync(visitor, stage.Contoso);
        await visitor.OpenAsync(stage.Contoso.Auth + "/account");
        await visitor.TypeAsync("password", person.Password, "/account/delete");

        await visitor.SubmitAsync("/account/delete");

        await visitor.AssertSignedInAsync(stage.Contoso, null);
        Assert.Equal(401, await visitor.SignInAsync(stage.Contoso, person));
    });

    [Theory]
    [MemberData(nameof(Manners.All), MemberType = typeof(Manners))]
    public Task A_person_downloads_what_is_stored_about_them(Manner manner) => stage.VisitAsync(manner, async visitor =>
    {
        var person = await stage.SignInAsync(visitor, stage.Contoso);
        await visitor.OpenAsync(stage.Contoso.Auth + "/account");

        var download = await visitor.Page.RunAndWaitForDownloadAsync(() => visitor.PressAsync(visitor.Page.Locator("a[href=\"/account/data\"]")));

        Assert.EndsWith(".json", download.SuggestedFilename, StringComparison.Ordinal);
        Assert.Contains(person.Email, await File.ReadAllTextAsync(await download.PathAsync()), StringComparison.Ordinal);
    });
}
