using AuthFunctions.EndToEnd.Fixtures;

namespace AuthFunctions.EndToEnd.Cookies;

/// <summary>What a real browser keeps, over plain http on localhost, where it treats cookies as it does over https elsewhere.</summary>
[Collection(OnStage.Name)]
public class CookieTests(Stage stage)
{
    [Fact]
    public Task Every_cookie_is_kept_with_the_attributes_of_the_contract() => stage.VisitAsync(async visitor =>
    {
        await stage.SignInAsync(visitor, stage.Contoso);
        await visitor.OpenAsync($"{stage.Contoso.Auth}/handoff/start?from=fabrikam&return_to={Uri.EscapeDataString(stage.Contoso.App + "/")}");
        await stage.SignInAsync(visitor, stage.Fabrikam);

        var cookies = await visitor.Context.CookiesAsync();

        Assert.All(cookies, cookie => Assert.Equal((true, true, "/"), (cookie.HttpOnly, cookie.Secure, cookie.Path)));
        Assert.All(cookies, cookie => Assert.True(cookie.Name.Length + cookie.Value.Length < 4096, cookie.Name));
        Assert.Equal(
            [
                // Shared with subdomains, as contoso wants it; the only one that is.
                ".contoso.localhost __Secure-at Lax",
                "auth.contoso.localhost __Host-csrf Lax",
                "auth.contoso.localhost __Host-device Lax",
                "auth.contoso.localhost __Host-handoff Lax",
                "auth.contoso.localhost __Host-sid Lax",
                "auth.fabrikam.localhost __Host-at Lax",
                "auth.fabrikam.localhost __Host-csrf Lax",
                "auth.fabrikam.localhost __Host-device Lax",
                "auth.fabrikam.localhost __Host-rt Strict",
                "auth.fabrikam.localhost __Host-sid Lax",
            ],
            cookies.Select(c => $"{c.Domain} {Handoff(c.Name)} {c.SameSite}").Order(StringComparer.Ordinal));
    });

    [Fact]
    public Task No_script_sees_a_cookie_of_ours_or_finds_a_token_stored() => stage.VisitAsync(async visitor =>
    {
        await stage.SignInAsync(visitor, stage.Contoso);
        await stage.SignInAsync(visitor, stage.Fabrikam);
        foreach (var address in new[] { stage.Contoso, stage.Fabrikam }.SelectMany(site => new[] { site.App, site.Auth + "/account" }))
        {
            Assert.Equal(200, await visitor.OpenAsync(address));

            Assert.Equal("", await visitor.Page.EvaluateAsync<string>("document.cookie"));
            Assert.Equal("[{},{}]", await visitor.Page.EvaluateAsync<string>("JSON.stringify([{ ...localStorage }, { ...sessionStorage }])"));
        }
    });

    [Fact]
    public Task Signing_out_leaves_nothing_of_the_session() => stage.VisitAsync(async visitor =>
    {
        await stage.SignInAsync(visitor, stage.Fabrikam);
        await visitor.OpenAsync(stage.Fabrikam.App);
        await visitor.PressAsync(Frontend.Button(visitor.Page, "Sign out"));
        await Frontend.ShowsNobodyAsync(visitor.Page);

        var cookies = await visitor.Context.CookiesAsync();

        Assert.Equal(["__Host-csrf", "__Host-device"], cookies.Select(c => c.Name).Order(StringComparer.Ordinal));
    });

    /// <summary>Each handoff under way has a cookie of its own.</summary>
    private static string Handoff(string name) => name.StartsWith("__Host-handoff-", StringComparison.Ordinal) ? "__Host-handoff" : name;
}
