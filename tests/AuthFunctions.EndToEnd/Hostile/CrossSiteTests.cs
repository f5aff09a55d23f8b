using AuthFunctions.EndToEnd.Fixtures;

namespace AuthFunctions.EndToEnd.Hostile;

/// <summary>
/// A page of a stranger's, on a root domain of its own and on a subdomain of the site, asks the service for what the site's own app may. The last
/// request of each test is the very same one from the app, and works: nothing but the origin was wrong.
/// </summary>
[Collection(OnStage.Name)]
public class CrossSiteTests(Stage stage)
{
    private const string NewPassword = "quite another long password";

    private const string Fetch =
        """
        async ([url, mode, type, body]) => {
          try {
            return (await fetch(url, { method: 'POST', mode, credentials: 'include', headers: { 'Content-Type': type }, body })).status;
          } catch {
            return -1;
          }
        }
        """;

    public static readonly string[] Strangers = ["www.evil.localhost", "evil.contoso.localhost"];

    [Theory]
    [InlineData("/login", 200)]
    [InlineData("/logout", 204)]
    [InlineData("/logout/all", 204)]
    [InlineData("/refresh", 200)]
    [InlineData("/account/password", 204)]
    [InlineData("/account/email", 204)]
    [InlineData("/account/delete", 204)]
    public async Task A_stranger_s_script_changes_nothing(string path, int statusForApp)
    {
        var attacker = await stage.RegisterAsync();
        await stage.VisitAsync(async visitor =>
        {
            var person = await stage.SignInAsync(visitor, stage.Contoso);
            var (url, body) = (stage.Contoso.Auth + path, Body(path, person, attacker));
            var before = await CookiesAsync(visitor);
            var mail = await LastMailAsync();
            visitor.ExpectsRefusals = true;
            foreach (var stranger in Strangers)
            {
                await visitor.OpenAsync(stage.Others.Publish(stranger, "<p>You have won.</p>"));

                Assert.Equal(-1, await visitor.Page.EvaluateAsync<int>(Fetch, new[] { url, "cors", "application/json", body }));
                Assert.Equal(-1, await visitor.Page.EvaluateAsync<int>(Fetch, new[] { url, "cors", "text/plain", body }));
                Assert.Equal(0, await visitor.Page.EvaluateAsync<int>(Fetch, new[] { url, "no-cors", "text/plain", body }));

                Assert.Equal(before, await CookiesAsync(visitor));
                Assert.Same(mail, await LastMailAsync());
                await visitor.AssertSignedInAsync(stage.Contoso, person.Email);
            }

            await visitor.OpenAsync(stage.Contoso.App);
            Assert.Equal(statusForApp, await visitor.Page.EvaluateAsync<int>(Fetch, new[] { url, "cors", "application/json", body }));
        });
    }

    [Theory]
    [InlineData("/signin", "/signin", "http://app.contoso")]
    [InlineData("/account", "/account/password", "http://auth.contoso")]
    [InlineData("/account", "/account/email", "http://auth.contoso")]
    [InlineData("/account", "/account/delete", "http://auth.contoso")]
    [InlineData("/handoff", "/handoff", "http://auth.fabrikam")]
    [InlineData("/end_session", "/end_session", "http://auth.contoso")]
    public async Task A_stranger_s_form_changes_nothing_even_with_the_victim_s_own_anti_forgery_token(string page, string action, string leadsTo)
    {
        var attacker = await stage.RegisterAsync();
        await stage.VisitAsync(async visitor =>
        {
            var person = await stage.SignInAsync(visitor, stage.Contoso);
            var url = page == "/handoff"
                ? $"{stage.Contoso.Auth}/handoff?to=fabrikam&nonce_hash=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
                : stage.Contoso.Auth + page;
            await OpenUnpromptedAsync(visitor, url);
            var form = await visitor.Page.Locator($"form[action=\"{action}\"]").EvaluateAsync<string>("form => form.innerHTML");
            foreach (var stranger in Strangers)
            {
                await visitor.OpenAsync(stage.Others.Publish(stranger, $"<form method=post action='{stage.Contoso.Auth + action}'>{form}</form>"));
                await FillAsync(visitor, action, person, attacker);

                var status = await visitor.GoAsync(visitor.Page.Locator("button[type=submit]").First);

                // RP-initiated logout takes a POST from anywhere, but asks the person.
                Assert.Equal(action == "/end_session" ? 200 : 403, status);
                await visitor.AssertSignedInAsync(stage.Contoso, person.Email);
                await visitor.AssertSignedInAsync(stage.Fabrikam, null);
            }

            await OpenUnpromptedAsync(visitor, url);
            await FillAsync(visitor, action, person, attacker);
            Assert.NotEqual(403, await visitor.SubmitAsync(action));
            Assert.StartsWith(leadsTo, visitor.Page.Url, StringComparison.Ordinal);
        });
    }

    /// <summary>A click page shows only where no click led there.</summary>
    private async Task OpenUnpromptedAsync(Visitor visitor, string url)
    {
        await visitor.OpenAsync(stage.Others.Publish("www.contoso.localhost", $"<script>location = '{url}'</script>"));
        await visitor.ArriveAsync(url);
    }

    private static async Task FillAsync(Visitor visitor, string action, Person person, Person attacker)
    {
        foreach (var (name, value) in action switch
        {
            "/signin" => [("email", attacker.Email), ("password", attacker.Password)],
            "/account/password" => [("password", person.Password), ("new_password", NewPassword)],
            "/account/email" => [("email", attacker.Email + ".example"), ("password", person.Password)],
            "/account/delete" => [("password", person.Password)],
            _ => Array.Empty<(string, string)>(),
        })
        {
            await visitor.Page.Locator($"form[action$=\"{action}\"] input[name=\"{name}\"]").FillAsync(value);
        }
    }

    private static string Body(string path, Person person, Person attacker) => path switch
    {
        "/login" => $$"""{"email":"{{attacker.Email}}","password":"{{attacker.Password}}"}""",
        "/account/password" => $$"""{"password":"{{person.Password}}","new_password":"{{NewPassword}}"}""",
        "/account/email" => $$"""{"email":"{{attacker.Email}}.example","password":"{{person.Password}}"}""",
        "/account/delete" => $$"""{"password":"{{person.Password}}"}""",
        _ => "{}",
    };

    private async Task<object> LastMailAsync()
    {
        await stage.Service.DeliverAsync();
        return stage.Service.Mails[^1];
    }

    private async Task<List<string>> CookiesAsync(Visitor visitor) =>
        [.. (await visitor.Context.CookiesAsync([stage.Contoso.Auth])).Select(c => $"{c.Name}={c.Value}").Order(StringComparer.Ordinal)];
}
