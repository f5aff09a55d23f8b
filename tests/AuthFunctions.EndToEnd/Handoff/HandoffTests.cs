using AuthFunctions.EndToEnd.Fixtures;

namespace AuthFunctions.EndToEnd.Handoff;

[Collection(OnStage.Name)]
public class HandoffTests(Stage stage)
{
    /// <summary>What a link in an app of the source opens.</summary>
    private string Link => $"{stage.Contoso.Auth}/handoff?to=fabrikam&return_to={Uri.EscapeDataString(stage.Fabrikam.App + "/")}";

    [Theory]
    [MemberData(nameof(Manners.WithScript), MemberType = typeof(Manners))]
    public Task One_click_in_the_app_signs_in_at_the_other_root_domain_for_good(Manner manner) => stage.VisitAsync(manner, async visitor =>
    {
        var person = await stage.SignInAsync(visitor, stage.Contoso);

        await visitor.GoAsync(Frontend.Button(visitor.Page, "Open at Fabrikam"));

        Assert.Equal(stage.Fabrikam.App + "/", visitor.Page.Url);
        await Frontend.ShowsAsync(visitor.Page, person);
        await visitor.Page.ReloadAsync();
        await Frontend.ShowsAsync(visitor.Page, person);
        await visitor.AssertSignedInAsync(stage.Fabrikam, person.Email);
    });

    [Theory]
    [MemberData(nameof(Manners.All), MemberType = typeof(Manners))]
    public Task One_click_on_a_plain_link_does_the_same(Manner manner) => stage.VisitAsync(manner, async visitor =>
    {
        var person = await stage.SignInAsync(visitor, stage.Contoso);
        await visitor.OpenAsync(stage.Others.Publish("www.contoso.localhost", $"<a href='{Link}'>Fabrikam</a>"));

        await visitor.FollowAsync("/handoff");

        Assert.Equal(stage.Fabrikam.App + "/", visitor.Page.Url);
        await visitor.AssertSignedInAsync(stage.Fabrikam, person.Email);
    });

    [Theory]
    [InlineData(Manner.Mouse, "<script>location = '{0}'</script>")]
    [InlineData(Manner.Keyboard, "<script>location = '{0}'</script>")]
    [InlineData(Manner.WithoutScript, "<meta http-equiv='refresh' content='0; url={0}'>")]
    public Task A_navigation_without_a_click_is_asked_about_until_one_comes(Manner manner, string page) => stage.VisitAsync(manner, async visitor =>
    {
        var person = await stage.SignInAsync(visitor, stage.Contoso);
        await visitor.OpenAsync(stage.Others.Publish("www.contoso.localhost", page.Replace("{0}", Link, StringComparison.Ordinal)));
        await visitor.ArriveAsync(stage.Contoso.Auth + "/handoff?");
        Assert.Contains(person.Name, await visitor.Page.ContentAsync(), StringComparison.Ordinal);
        await visitor.AssertSignedInAsync(stage.Fabrikam, null);

        await visitor.SubmitAsync("/handoff");

        Assert.Equal(stage.Fabrikam.App + "/", visitor.Page.Url);
        await visitor.AssertSignedInAsync(stage.Fabrikam, person.Email);
    });

    [Theory]
    [MemberData(nameof(Manners.All), MemberType = typeof(Manners))]
    public async Task Whoever_is_signed_in_nowhere_signs_in_at_the_source_and_arrives_at_the_target(Manner manner)
    {
        var person = await stage.RegisterAsync();
        await stage.VisitAsync(manner, async visitor =>
        {
            var start = $"{stage.Fabrikam.Auth}/handoff/start?from=contoso&return_to={Uri.EscapeDataString(stage.Fabrikam.App + "/?from=contoso")}";
            await visitor.OpenAsync(stage.Others.Publish("www.fabrikam.localhost", $"<a href='{start}'>with Contoso</a>"));
            await visitor.FollowAsync("/handoff/start");
            Assert.Equal(stage.Contoso.Auth + "/signin", visitor.Place);

            await visitor.EnterAsync(person.Email, person.Password);

            // The form was submitted by a person, and so is what follows from it.
            Assert.Equal(stage.Fabrikam.App + "/?from=contoso", visitor.Page.Url);
            await visitor.AssertSignedInAsync(stage.Fabrikam, person.Email);
        });
    }

    [Theory]
    [InlineData(Manner.Mouse, "switch")]
    [InlineData(Manner.Mouse, "stay")]
    [InlineData(Manner.Keyboard, "switch")]
    [InlineData(Manner.WithoutScript, "switch")]
    [InlineData(Manner.WithoutScript, "stay")]
    public Task Where_another_person_is_signed_in_the_page_asks_who_to_be(Manner manner, string choice) => stage.VisitAsync(manner, async visitor =>
    {
        var newcomer = await stage.SignInAsync(visitor, stage.Contoso);
        var current = await stage.SignInAsync(visitor, stage.Fabrikam);
        await visitor.OpenAsync(stage.Others.Publish("www.contoso.localhost", $"<a href='{Link}'>Fabrikam</a>"));
        await visitor.FollowAsync("/handoff");
        Assert.Equal(stage.Fabrikam.Auth + "/handoff/accept", visitor.Place);
        await visitor.AssertSignedInAsync(stage.Fabrikam, current.Email);

        await visitor.SubmitAsync("/handoff/accept", choice);

        Assert.Equal(stage.Fabrikam.App + "/", visitor.Page.Url);
        await visitor.AssertSignedInAsync(stage.Fabrikam, choice == "switch" ? newcomer.Email : current.Email);
        await visitor.AssertSignedInAsync(stage.Contoso, newcomer.Email);
    });

    [Fact]
    public Task A_silent_handoff_from_where_nobody_is_signed_in_tells_the_app() => stage.VisitAsync(async visitor =>
    {
        await visitor.OpenAsync(
            $"{stage.Fabrikam.Auth}/handoff/start?from=contoso&prompt=none&return_to={Uri.EscapeDataString(stage.Fabrikam.App + "/")}");

        await Frontend.SaysAsync(visitor.Page, "login_required");
        await visitor.AssertSignedInAsync(stage.Fabrikam, null);
    });
}
