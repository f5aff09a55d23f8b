using AuthFunctions.EndToEnd.Fixtures;

namespace AuthFunctions.EndToEnd.SignOut;

[Collection(OnStage.Name)]
public class SignOutTests(Stage stage)
{
    [Theory]
    [InlineData("contoso", Manner.Mouse)]
    [InlineData("fabrikam", Manner.Mouse)]
    [InlineData("contoso", Manner.Keyboard)]
    public Task Signing_out_at_either_ends_the_other_at_once_by_its_rows(string at, Manner manner) => stage.VisitAsync(manner, async visitor =>
    {
        var (here, there) = at == "contoso" ? (stage.Contoso, stage.Fabrikam) : (stage.Fabrikam, stage.Contoso);
        var person = await SignInAtBothAsync(visitor);
        await SignOutInAppAsync(visitor, here);

        Assert.Equal((200, person.Email), await visitor.SessionAsync(there));
        await visitor.AssertSignedInAsync(there, null);
        await visitor.OpenAsync(there.App);
        await Frontend.ShowsNobodyAsync(visitor.Page);
    });

    [Theory]
    [InlineData("contoso")]
    [InlineData("fabrikam")]
    public Task Signing_out_at_either_ends_the_other_within_the_life_of_an_access_token(string at) => stage.VisitAsync(async visitor =>
    {
        var (here, there) = at == "contoso" ? (stage.Contoso, stage.Fabrikam) : (stage.Fabrikam, stage.Contoso);
        var person = await SignInAtBothAsync(visitor);
        await visitor.OpenAsync(there.App);
        await Frontend.ShowsAsync(visitor.Page, person);
        await visitor.NewTabAsync();
        await SignOutInAppAsync(visitor, here);

        stage.LetAccessTokensExpire();
        await visitor.OpenAsync(there.App);

        await Frontend.ShowsNobodyAsync(visitor.Page);
        await Frontend.ShowsNobodyAsync(visitor.Context.Pages[0]);
        Assert.Equal((401, null), await visitor.SessionAsync(there));
    });

    [Theory]
    [MemberData(nameof(Manners.All), MemberType = typeof(Manners))]
    public Task A_person_signs_out_on_the_service_s_page_which_asks_first(Manner manner) => stage.VisitAsync(manner, async visitor =>
    {
        var person = await stage.SignInAsync(visitor, stage.Contoso);
        await visitor.OpenAsync(stage.Contoso.Auth + "/end_session");
        await visitor.AssertSignedInAsync(stage.Contoso, person.Email);

        Assert.Equal(200, await visitor.SubmitAsync("/end_session"));

        await visitor.AssertSignedInAsync(stage.Contoso, null);
    });

    [Theory]
    [MemberData(nameof(Manners.All), MemberType = typeof(Manners))]
    public Task After_signing_out_the_Back_button_shows_nothing_private(Manner manner) => stage.VisitAsync(manner, async visitor =>
    {
        var person = await stage.SignInAsync(visitor, stage.Contoso);
        await visitor.OpenAsync(stage.Contoso.Auth + "/account");
        Assert.Contains(person.Email, await visitor.Page.ContentAsync(), StringComparison.Ordinal);
        await visitor.OpenAsync(stage.Contoso.Auth + "/end_session");
        Assert.Contains(person.Name, await visitor.Page.ContentAsync(), StringComparison.Ordinal);
        await visitor.SubmitAsync("/end_session");

        // The page that asked, and before it the account.
        for (var steps = 0; steps < 2; steps++)
        {
            await visitor.Page.GoBackAsync();

            var page = await visitor.Page.ContentAsync();
            Assert.DoesNotContain(person.Email, page, StringComparison.Ordinal);
            Assert.DoesNotContain(person.Name, page, StringComparison.Ordinal);
        }
    });

    [Fact]
    public Task A_frontend_that_the_Back_button_brings_back_hears_that_the_session_ended() => stage.VisitAsync(async visitor =>
    {
        var person = await stage.SignInAsync(visitor, stage.Contoso);
        await Frontend.ShowsAsync(visitor.Page, person);
        var tab = visitor.Page;
        await tab.GotoAsync(stage.Others.Publish("www.northwind.localhost", "<p>elsewhere</p>"));
        await visitor.NewTabAsync();
        await SignOutInAppAsync(visitor, stage.Contoso);

        await tab.GoBackAsync();

        Assert.Equal(stage.Contoso.App + "/", tab.Url);
        await Frontend.ShowsNobodyAsync(tab);
    });

    private async Task<Person> SignInAtBothAsync(Visitor visitor)
    {
        var person = await stage.SignInAsync(visitor, stage.Contoso);
        await visitor.GoAsync(Frontend.Button(visitor.Page, "Open at Fabrikam"));
        await visitor.AssertSignedInAsync(stage.Fabrikam, person.Email);
        return person;
    }

    private static async Task SignOutInAppAsync(Visitor visitor, Address site)
    {
        await visitor.OpenAsync(site.App);
        await visitor.PressAsync(Frontend.Button(visitor.Page, "Sign out"));
        await Frontend.ShowsNobodyAsync(visitor.Page);
    }
}
