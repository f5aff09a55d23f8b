using AuthFunctions.EndToEnd.Fixtures;

namespace AuthFunctions.EndToEnd.Authorize;

[Collection(OnStage.Name)]
public class ConsentTests(Stage stage)
{
    private string Callback => stage.Others.Origin("127.0.0.1") + "/callback";

    private string AuthorizeUrl =>
        $"{stage.Contoso.Auth}/authorize?response_type=code&client_id=demo-partner&redirect_uri={Uri.EscapeDataString(Callback)}"
        + "&scope=openid%20email&state=s1&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";

    [Theory]
    [MemberData(nameof(Manners.All), MemberType = typeof(Manners))]
    public async Task A_person_signs_in_and_lets_a_third_party_in_and_is_asked_once(Manner manner)
    {
        var person = await stage.RegisterAsync();
        await stage.VisitAsync(manner, async visitor =>
        {
            await visitor.OpenAsync(AuthorizeUrl);
            await visitor.EnterAsync(person.Email, person.Password);
            Assert.Equal(stage.Contoso.Auth + "/consent", visitor.Place);

            await visitor.SubmitAsync("/consent", "allow");

            AssertArrived(visitor, "code=");
            await visitor.OpenAsync(AuthorizeUrl);
            AssertArrived(visitor, "code=");
        });
    }

    [Theory]
    [MemberData(nameof(Manners.All), MemberType = typeof(Manners))]
    public Task A_person_may_say_no(Manner manner) => stage.VisitAsync(manner, async visitor =>
    {
        await stage.SignInAsync(visitor, stage.Contoso);
        await visitor.OpenAsync(AuthorizeUrl);

        await visitor.SubmitAsync("/consent", "deny");

        AssertArrived(visitor, "error=access_denied");
    });

    private void AssertArrived(Visitor visitor, string with)
    {
        Assert.Equal(Callback, visitor.Place);
        Assert.Contains(with, visitor.Page.Url, StringComparison.Ordinal);
        Assert.Contains("state=s1", visitor.Page.Url, StringComparison.Ordinal);
    }
}
