using AuthFunctions.SigningKeys;
using AuthFunctions.Tests.Account;
using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Device;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Handoff;
using AuthFunctions.Tests.Tokens;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.OpenApi;

/// <summary>A valid request for each operation, by the answer that it gets.</summary>
internal static class ValidCalls
{
    public static readonly Dictionary<string, Func<Scene, Task<Call>>> All = new()
    {
        ["Register 201 application/json"] = s => JsonAsync(s, null, "/register", () => new { email = NewEmail(), password = Password }),
        ["Login 200 application/json"] = async s =>
        {
            var email = NewEmail();
            using var owner = await (await s.SampleAsync()).SignedInAsync(email: email);
            return await JsonAsync(s, null, "/login", () => new { email, password = Password });
        },
        ["Refresh 200 application/json"] = s => SignedInAsync(s, HttpMethod.Post, "/refresh"),
        ["Logout 204"] = s => SignedInAsync(s, HttpMethod.Post, "/logout"),
        ["LogoutAll 204"] = s => SignedInAsync(s, HttpMethod.Post, "/logout/all"),
        ["Session 200 application/json"] = s => SignedInAsync(s, HttpMethod.Get, "/session?fresh=1"),
        ["Sessions 200 application/json"] = s => SignedInAsync(s, HttpMethod.Get, "/sessions"),
        ["SessionById 204"] = async s =>
        {
            var (service, browser) = await PersonAsync(s);
            return new(service, browser, Delete("/sessions/" + await browser.SessionIdAsync()));
        },
        ["Consents 200 application/json"] = s => SignedInAsync(s, HttpMethod.Get, "/consents"),
        ["ConsentByClient 204"] = async s =>
        {
            var (service, browser) = await PersonAsync(s);
            using var asked = await browser.AuthorizeAsync(Ceremony.AsPartner);
            using var given = await browser.ConsentAsync(asked);
            return new(service, browser, Delete("/consents/" + Ceremony.Partner));
        },

        ["GetSignin 200 text/html"] = s => OpenAsync(s, Contoso + "/signin?return_to=%2Faccount&login_hint=ada%40contoso.test"),
        ["PostSignin 303"] = async s =>
        {
            var (service, email) = (await s.SampleAsync(), NewEmail());
            using var owner = await service.SignedInAsync(email: email);
            return await FormOfAsync(service, service.NewBrowser(), Contoso + "/signin", ("email", email), ("password", Password));
        },
        ["GetSignup 200 text/html"] = s => OpenAsync(s, Contoso + "/signup?return_to=%2Faccount"),
        ["PostSignup 303"] = s => FormOfAsync(s, Contoso + "/signup", ("email", NewEmail()), ("password", Password)),
        ["Language 303"] = s => OpenAsync(s, Contoso + "/language?ui_locales=de&return_to=%2Fsignup"),
        ["Asset 200 text/css"] = async s => await OpenAsync(s, await AssetAsync(await s.SampleAsync(), "css")),
        ["GetVerify 200 text/html"] = async s => await OpenAsync(await s.ConfirmingAsync(), await RegistrationAsync(s)),
        ["PostVerify 303"] = async s =>
        {
            var service = await s.ConfirmingAsync();
            return await FormOfAsync(service, service.NewBrowser(), await RegistrationAsync(s), ("password", Password));
        },
        ["GetForgot 200 text/html"] = s => OpenAsync(s, Contoso + "/forgot"),
        ["PostForgot 200 text/html"] = s => FormOfAsync(s, Contoso + "/forgot", ("email", NewEmail())),
        ["GetReset 200 text/html"] = async s => await OpenAsync(s, await LinkAsync(s, "/forgot")),
        ["PostReset 303"] = async s => await FormOfAsync(s, await LinkAsync(s, "/forgot"), ("new_password", AccountSteps.NewPassword)),
        ["GetUnlock 200 text/html"] = async s => await OpenAsync(s, await LinkAsync(s, "/unlock")),
        ["PostUnlock 303"] = async s => await FormOfAsync(s, await LinkAsync(s, "/unlock")),

        ["Account 200 text/html"] = s => SignedInAsync(s, HttpMethod.Get, "/account"),
        ["AccountData 200 application/json"] = s => SignedInAsync(s, HttpMethod.Get, "/account/data"),
        ["ChangePassword 204"] = async s => await JsonAsync(
            s, await PersonAsync(s), "/account/password", () => new { password = Password, new_password = AccountSteps.NewPassword }),
        ["ChangeEmail 204"] = async s => await JsonAsync(s, await PersonAsync(s), "/account/email", () => new { email = NewEmail(), password = Password }),
        ["EndDevice 204"] = async s =>
        {
            var person = await PersonAsync(s);
            var id = await person.Browser.SessionIdAsync();
            return await JsonAsync(s, person, "/account/sessions/end", () => new { session = id });
        },
        ["EndOtherDevices 204"] = async s => await JsonAsync(s, await PersonAsync(s), "/account/sessions/end-others", () => new { }),
        ["WithdrawConsent 303"] = async s =>
        {
            var (service, browser) = await PersonAsync(s);
            using var asked = await browser.AuthorizeAsync(Ceremony.AsPartner);
            using var given = await browser.ConsentAsync(asked);
            return await AccountFormAsync(service, browser, "consents/withdraw", ("client_id", Ceremony.Partner));
        },
        ["DeleteAccount 204"] = async s => await JsonAsync(s, await PersonAsync(s), "/account/delete", () => new { password = Password }),
        ["GetConfirmEmail 200 text/html"] = async s => await OpenAsync(s, await NewAddressAsync(s, NewEmail())),
        ["PostConfirmEmail 303"] = async s => await FormOfAsync(s, await NewAddressAsync(s, NewEmail())),

        ["HandoffStart 303"] = s => OpenAsync(s, $"{Fabrikam}/handoff/start?from=contoso&return_to={Uri.EscapeDataString(FabrikamApp + "/")}"),
        ["GetHandoff 303"] = async s => await HandoffAsync(await s.SampleAsync(), h => h.StartAsync()),
        ["PostHandoff 303"] = async s =>
        {
            var call = await HandoffAsync(await s.AskingAsync(), h => h.StartAsync());
            return await FormOfAsync(call.Service, call.Browser, call.Request.RequestUri!.AbsoluteUri);
        },
        ["GetHandoffAccept 303"] = async s => await HandoffAsync(await s.SampleAsync(), h => h.MintAsync()),
        ["PostHandoffAccept 303"] = async s =>
        {
            var call = await TwoPeopleAsync(s);
            return await FormOfAsync(call.Service, call.Browser, call.Request.RequestUri!.AbsoluteUri, ("choice", "switch"));
        },

        ["GetAuthorize 303"] = async s => await OpenAsync(await PersonAsync(s), Ceremony.Url()),
        ["PostAuthorize 303"] = async s => new(
            await s.SampleAsync(), (await s.SampleAsync()).NewBrowser(), Browser.FormRequest(Contoso + "/authorize", null, Ceremony.Request())),
        ["Par 201 application/json"] = s => ClientAsync(s, "/par", null, Ceremony.Request()),
        ["GetConsent 200 text/html"] = async s =>
        {
            var person = await PersonAsync(s);
            return await OpenAsync(person, await ToConsentAsync(person.Browser));
        },
        ["PostConsent 303"] = async s =>
        {
            var (service, browser) = await PersonAsync(s);
            return await FormOfAsync(service, browser, await ToConsentAsync(browser), ("choice", "allow"));
        },
        ["DeviceAuthorization 200 application/json"] = s => ClientAsync(s, "/device_authorization", null, ("client_id", "demo-device"), ("scope", "openid")),
        ["GetDevice 200 text/html"] = async s => await OpenAsync(await PersonAsync(s), await WaitingDeviceAsync(s)),
        ["PostDevice 200 text/html"] = async s =>
        {
            var (service, browser) = await PersonAsync(s);
            return await FormOfAsync(service, browser, await WaitingDeviceAsync(s), ("choice", "allow"));
        },
        ["Token 200 application/json"] = s => ClientAsync(s, "/token", OAuthCalls.Machine, ("grant_type", "client_credentials")),
        ["Revoke 200"] = async s => await ClientAsync(s, "/revoke", null, ("client_id", "demo-spa"), ("token", await TokenAsync(s, "refresh_token"))),
        ["Introspect 200 application/json"] = async s => await ClientAsync(
            s, "/introspect", OAuthCalls.Web, ("token", (await (await s.SampleAsync()).GrantedAsync("demo-web")).RefreshToken)),
        ["GetUserInfo 200 application/json"] = async s =>
            await BearerAsync(s, HttpMethod.Get, "/userinfo", await TokenAsync(s, "access_token")),
        ["PostUserInfo 200 application/json"] = async s =>
            await BearerAsync(s, HttpMethod.Post, "/userinfo", await TokenAsync(s, "access_token")),
        ["GetEndSession 200 text/html"] = s => SignedInAsync(s, HttpMethod.Get, "/end_session?client_id=demo-spa&state=x"),
        ["PostEndSession 200 text/html"] = async s =>
        {
            var (service, browser) = await PersonAsync(s);
            return await FormOfAsync(service, browser, Contoso + "/end_session");
        },

        ["OpenIdConfiguration 200 application/json"] = s => OpenAsync(s, Contoso + "/.well-known/openid-configuration"),
        ["OAuthAuthorizationServer 200 application/json"] = s => OpenAsync(s, Contoso + "/.well-known/oauth-authorization-server"),
        ["Jwks 200 application/jwk-set+json"] = s => OpenAsync(s, Contoso + "/.well-known/jwks.json"),
        ["OpenApi 200 application/json"] = s => OpenAsync(s, Contoso + "/openapi.json"),
        ["Health 200 application/json"] = s => OpenAsync(s, Contoso + "/health"),
        ["HealthReady 200 application/json"] = s => OpenAsync(s, Contoso + "/health/ready"),

        ["ManageUsers 200 application/json"] = s => OperatorAsync(s, HttpMethod.Get, "/manage/users?email=nobody%40people.test"),
        ["BlockUser 204"] = s => OnUserAsync(s, HttpMethod.Post, "block"),
        ["UnblockUser 204"] = s => OnUserAsync(s, HttpMethod.Post, "unblock"),
        ["EndUserSessions 204"] = s => OnUserAsync(s, HttpMethod.Delete, "sessions"),
        ["ManageKeys 200 application/json"] = s => OperatorAsync(s, HttpMethod.Get, "/manage/keys"),
        ["RotateKeys 204"] = async s => await OperatorAsync(await s.RotatingAsync(), HttpMethod.Post, "/manage/keys/rotate"),
        ["RetireKey 204"] = async s =>
        {
            // The one that stands by: what the operator's token was signed with goes on being good.
            var service = await s.RotatingAsync();
            var kid = (await service.Get<KeyRing>().KeysAsync(default)).Published[^1].Kid;
            return await OperatorAsync(service, HttpMethod.Post, $"/manage/keys/{kid}/retire");
        },
        ["ManageOutbox 200 application/json"] = s => OperatorAsync(s, HttpMethod.Get, "/manage/outbox"),
        ["DevOutbox 200 text/html"] = s => OpenAsync(s, Contoso + "/dev/outbox"),
    };

    /// <summary>A new person who is signed in.</summary>
    public static async Task<(TestService Service, Browser Browser)> PersonAsync(Scene scene, string? email = null)
    {
        var service = await scene.SampleAsync();
        return (service, await service.SignedInAsync(email: email));
    }

    /// <summary>The link of a registration that waits.</summary>
    public static async Task<string> RegistrationAsync(Scene scene, string? email = null)
    {
        var service = await scene.ConfirmingAsync();
        using var browser = service.NewBrowser();
        using var response = await browser.PostAsync(Contoso + "/register", new { email = email ?? NewEmail(), password = Password });
        return await service.LinkAsync();
    }

    /// <summary>The link that makes another address a new person's.</summary>
    public static async Task<string> NewAddressAsync(Scene scene, string email)
    {
        var (service, browser) = await PersonAsync(scene);
        using var asked = await browser.PostAsync(Contoso + "/account/email", new { email, password = Password });
        await service.DeliverAsync();
        return service.Mails.SelectMany(m => m.Text.Split('\n')).Last(l => l.Contains("/account/email/confirm?", StringComparison.Ordinal)).Trim();
    }

    /// <summary>A form of the page at this address, filled in.</summary>
    public static async Task<Call> FormOfAsync(TestService service, Browser browser, string url, params (string Name, string Value)[] fields)
    {
        using var page = await browser.GetAsync(url);
        Assert.Equal(200, (int)page.StatusCode);
        return new(service, browser, Browser.PageRequest(url.Split('?')[0], await page.Content.ReadAsStringAsync(), fields));
    }

    /// <summary>The arrival of one person where another is signed in.</summary>
    public static async Task<Call> TwoPeopleAsync(Scene scene)
    {
        var (service, browser) = await PersonAsync(scene);
        using var other = await browser.PostAsync(Fabrikam + "/register", new { email = NewEmail(), password = Password });
        return new(service, browser, new(HttpMethod.Get, await new HandoffCeremony(service, browser).MintAsync()));
    }

    /// <summary>A request with a new person's token, or this one's.</summary>
    public static async Task<Call> BearerAsync(Scene scene, HttpMethod method, string path, string token, TestService? at = null)
    {
        var service = at ?? await scene.SampleAsync();
        var request = new HttpRequestMessage(method, Contoso + path);
        request.Headers.Authorization = new("Bearer", token);
        return new(service, service.NewBrowser(), request);
    }

    /// <summary>A member of the token response that a new person's app got.</summary>
    public static async Task<string> TokenAsync(Scene scene, string member, string scope = "openid email", TestService? at = null)
    {
        using var browser = await (at ?? await scene.SampleAsync()).SignedInAsync();
        return Ceremony.Text(await browser.TokensAsync(("scope", scope)), member);
    }

    public static async Task<Call> ClientAsync(
        Scene scene, string path, (string Id, string Secret)? client, params (string Name, string Value)[] fields)
    {
        var service = await scene.SampleAsync();
        return new(service, service.NewBrowser(), Browser.FormRequest(Contoso + path, client, fields));
    }

    public static async Task<Call> OperatorAsync(TestService service, HttpMethod method, string path) =>
        new(service, await service.OperatorAsync(), new(method, Contoso + path));

    public static HttpRequestMessage Delete(string path)
    {
        var request = Browser.JsonRequest(HttpMethod.Delete, Contoso + path, null);
        request.Headers.Add("X-Requested-With", "fetch");
        return request;
    }

    public static async Task<Call> OpenAsync(Scene scene, string url) => await OpenAsync(await scene.SampleAsync(), url);

    public static async Task<string> ToConsentAsync(Browser browser, params (string Name, string? Value)[] more)
    {
        using var asked = await browser.AuthorizeAsync([.. Ceremony.AsPartner, .. more]);
        return Contoso + Ceremony.Onwards(asked, "/consent");
    }

    /// <summary>A form of the account page.</summary>
    public static async Task<Call> AccountFormAsync(TestService service, Browser browser, string path, params (string Name, string Value)[] fields)
    {
        using var page = await browser.GetAsync(Contoso + "/account");
        var html = (await page.Content.ReadAsStringAsync()).Split("</form>").First(f => f.Contains($"action=\"/account/{path}\"", StringComparison.Ordinal));
        return new(service, browser, Browser.PageRequest($"{Contoso}/account/{path}", html[html.LastIndexOf("<form", StringComparison.Ordinal)..], fields));
    }

    /// <summary>The address of what the pages load, by its extension.</summary>
    public static async Task<string> AssetAsync(TestService service, string extension)
    {
        using var browser = service.NewBrowser();
        using var page = await browser.GetAsync(Contoso + "/signin");
        return Contoso + System.Text.RegularExpressions.Regex.Match(await page.Content.ReadAsStringAsync(), $"/assets/[^\"]+\\.{extension}").Value;
    }

    public static async Task<Call> FormOfAsync(Scene scene, string url, params (string Name, string Value)[] fields)
    {
        var service = await scene.SampleAsync();
        return await FormOfAsync(service, service.NewBrowser(), url, fields);
    }

    private static Task<Call> OpenAsync((TestService Service, Browser Browser) person, string url) =>
        Task.FromResult(new Call(person.Service, person.Browser, new(HttpMethod.Get, url)));

    private static Task<Call> OpenAsync(TestService service, string url) => OpenAsync((service, service.NewBrowser()), url);

    private static async Task<Call> JsonAsync(Scene scene, (TestService Service, Browser Browser)? by, string path, Func<object> body)
    {
        var (service, browser) = by ?? (await scene.SampleAsync(), (await scene.SampleAsync()).NewBrowser());
        return new(service, browser, Browser.JsonRequest(HttpMethod.Post, Contoso + path, body()));
    }

    private static async Task<Call> SignedInAsync(Scene scene, HttpMethod method, string path)
    {
        var (service, browser) = await PersonAsync(scene);
        return new(service, browser, Browser.JsonRequest(method, Contoso + path, method == HttpMethod.Post ? new { } : null));
    }

    private static async Task<Call> OperatorAsync(Scene scene, HttpMethod method, string path) => await OperatorAsync(await scene.SampleAsync(), method, path);

    private static async Task<Call> OnUserAsync(Scene scene, HttpMethod method, string command)
    {
        var (service, browser) = await PersonAsync(scene);
        return await OperatorAsync(service, method, $"/manage/users/{await browser.UserIdAsync()}/{command}");
    }

    /// <summary>The link that a page mails to a new person.</summary>
    private static async Task<string> LinkAsync(Scene scene, string page)
    {
        var email = NewEmail();
        var (service, browser) = await PersonAsync(scene, email);
        browser.Dispose();
        return (await service.LinkAsync(Contoso + page, email)).Trim();
    }

    private static async Task<Call> HandoffAsync(TestService service, Func<HandoffCeremony, Task<string>> step)
    {
        var handoff = await HandoffCeremony.SignedInAsync(service);
        return new(service, handoff.Browser, new(HttpMethod.Get, await step(handoff)));
    }

    private static async Task<string> WaitingDeviceAsync(Scene scene)
    {
        using var device = (await scene.SampleAsync()).NewBrowser();
        return $"{Contoso}/device?user_code={(await device.WaitAsync()).UserCode}";
    }
}
