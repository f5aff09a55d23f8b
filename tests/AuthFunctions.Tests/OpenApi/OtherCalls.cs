using AuthFunctions.Tests.Account;
using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Device;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Handoff;
using AuthFunctions.Tests.Tokens;
using static AuthFunctions.Tests.Fixtures.TestService;
using static AuthFunctions.Tests.OpenApi.ValidCalls;

namespace AuthFunctions.Tests.OpenApi;

/// <summary>What gets the answers that neither a valid request nor one that is spoiled as any other can be (<see cref="AnswerTests"/>) gets.</summary>
internal static class OtherCalls
{
    private static readonly (string Name, string? Value)[] ByForm = [("response_mode", "form_post")];

    public static readonly Dictionary<string, Func<Scene, Task<HttpResponseMessage>>> All = new()
    {
        ["Register 202"] = async s => await RegisterAsync(await s.ConfirmingAsync(), NewEmail()),
        ["Register 409 application/problem+json"] = s => RepeatAsync(409, async email => await RegisterAsync(await s.SampleAsync(), email)),
        ["Register 429 application/problem+json"] = s => RepeatAsync(429, async email => await RegisterAsync(await s.ConfirmingAsync(), email)),
        ["Login 401 application/problem+json"] = s => LoginAsync(s, NewEmail()),
        ["Login 429 application/problem+json"] = s => RepeatAsync(429, email => LoginAsync(s, email)),

        ["SessionById 404 application/problem+json"] = s => ElsewhereAsync(s, "SessionById 204", Delete("/sessions/" + new string('A', 22))),
        ["ConsentByClient 404 application/problem+json"] = s => ElsewhereAsync(s, "ConsentByClient 204", Delete("/consents/nobody")),

        ["GetSignin 503 application/problem+json"] = s => RinglessAsync(s, "/signin"),
        ["PostSignin 401 text/html"] = s => PageAsync(s, "/signin", ("email", NewEmail()), ("password", "wrong")),
        ["PostSignin 429 text/html"] = s => RepeatAsync(429, email => PageAsync(s, "/signin", ("email", email), ("password", "wrong"))),
        ["GetSignup 503 application/problem+json"] = s => RinglessAsync(s, "/signup"),
        ["PostSignup 200 text/html"] = async s =>
        {
            var service = await s.ConfirmingAsync();
            return await (await FormOfAsync(service, service.NewBrowser(), Contoso + "/signup", ("email", NewEmail()), ("password", Password))).SendAsync();
        },
        ["PostSignup 409 text/html"] = s => RepeatAsync(409, email => PageAsync(s, "/signup", ("email", email), ("password", Password))),
        ["PostSignup 429 text/html"] = s => RepeatAsync(429, async email =>
        {
            var service = await s.ConfirmingAsync();
            return await (await FormOfAsync(service, service.NewBrowser(), Contoso + "/signup", ("email", email), ("password", Password))).SendAsync();
        }),
        ["Asset 200 text/javascript"] = s => AssetAsync(s, "js"),
        ["Asset 200 image/svg+xml"] = s => AssetAsync(s, "svg"),
        ["Asset 200 image/png"] = async s =>
        {
            var service = await s.BrandedAsync();
            return await service.NewBrowser().GetAsync(await ValidCalls.AssetAsync(service, "png"));
        },
        ["Asset 404 application/problem+json"] = s => GetAsync(s, "/assets/site.css"),
        ["GetVerify 400 text/html"] = s => GetAsync(s, "/verify?token=x"),
        ["PostVerify 401 text/html"] = async s => await ConfirmAsync(s, await RegistrationAsync(s), "wrong"),
        ["PostVerify 409 text/html"] = async s =>
        {
            var email = NewEmail();
            var (first, second) = (await RegistrationAsync(s, email), await RegistrationAsync(s, email));
            using var confirmed = await ConfirmAsync(s, first, Password);
            return await ConfirmAsync(s, second, Password);
        },
        ["GetForgot 503 application/problem+json"] = s => RinglessAsync(s, "/forgot"),
        ["PostForgot 429 text/html"] = s => RepeatAsync(429, email => PageAsync(s, "/forgot", ("email", email))),
        ["GetReset 400 text/html"] = s => GetAsync(s, "/reset?token=x"),
        ["GetUnlock 400 text/html"] = s => GetAsync(s, "/unlock?token=x"),
        ["PostUnlock 200 text/html"] = s => PageAsync(s, "/unlock", ("email", NewEmail())),
        ["PostUnlock 429 text/html"] = s => RepeatAsync(429, email => PageAsync(s, "/unlock", ("email", email))),

        ["Account 303"] = s => GetAsync(s, "/account"),
        ["EndDevice 404 application/problem+json"] = async s => await (await PersonAsync(s)).Browser.PostAsync(
            Contoso + "/account/sessions/end", new { session = new string('A', 22) }),
        ["EndDevice 404 text/html"] = s => EndDeviceByFormAsync(s, new string('A', 22)),
        ["WithdrawConsent 401 text/html"] = async s =>
        {
            var call = await Valid("WithdrawConsent 303")(s);
            call.Browser.Cookies.Remove(("auth.contoso.localhost", "__Host-sid"));
            return await call.SendAsync();
        },
        ["WithdrawConsent 404 text/html"] = async s =>
        {
            var call = await Valid("WithdrawConsent 303")(s);
            return await (await ValidCalls.AccountFormAsync(call.Service, call.Browser, "consents/withdraw", ("client_id", "nobody"))).SendAsync();
        },
        ["GetConfirmEmail 400 text/html"] = s => GetAsync(s, "/account/email/confirm?token=x"),
        ["PostConfirmEmail 409 text/html"] = async s =>
        {
            var email = NewEmail();
            var link = await NewAddressAsync(s, email);
            using var taken = await RegisterAsync(await s.SampleAsync(), email);
            return await (await FormOfAsync(s, link)).SendAsync();
        },

        ["HandoffStart 400 text/html"] = s => GetAsync(s, "/handoff/start"),
        ["HandoffStart 503 application/problem+json"] = s => RinglessAsync(
            s, $"/handoff/start?from=fabrikam&return_to={Uri.EscapeDataString(ContosoApp + "/")}"),
        ["GetHandoff 400 text/html"] = s => GetAsync(s, "/handoff"),
        ["GetHandoff 200 text/html"] = async s =>
        {
            using var handoff = await HandoffCeremony.SignedInAsync(await s.AskingAsync());
            return await handoff.Browser.GetAsync(await handoff.StartAsync());
        },
        ["GetHandoffAccept 400 text/html"] = s => GetAsync(s, "/handoff/accept"),
        ["GetHandoffAccept 200 text/html"] = async s => await (await TwoPeopleAsync(s)).SendAsync(),
        ["PostHandoffAccept 401 text/html"] = async s =>
        {
            var call = await TwoPeopleAsync(s);
            return await (await FormOfAsync(call.Service, call.Browser, call.Request.RequestUri!.AbsoluteUri, ("pending", "x"))).SendAsync();
        },

        ["GetAuthorize 200 text/html"] = async s => await (await PersonAsync(s)).Browser.AuthorizeAsync(ByForm),
        ["GetAuthorize 400 text/html"] = s => GetAsync(s, "/authorize?client_id=nobody"),
        ["PostAuthorize 200 text/html"] = s => SendFormAsync(s, "/authorize", null, Ceremony.Request([.. ByForm, ("response_type", "token")])),
        ["PostAuthorize 503 application/problem+json"] = async s =>
        {
            using var pushed = await SendFormAsync(s, "/par", null, Ceremony.Request());
            var uri = (await pushed.TextAsync("request_uri"))!;
            return await Scene.InOutageAsync(
                await s.SampleAsync(), () => SendFormAsync(s, "/authorize", null, ("client_id", "demo-spa"), ("request_uri", uri)));
        },
        ["Par 400 application/json"] = s => SendFormAsync(s, "/par", null, Ceremony.Request(("scope", "root"))),
        ["GetConsent 400 text/html"] = s => GetAsync(s, "/consent?sealed=x"),
        ["PostConsent 200 text/html"] = async s =>
        {
            var (service, browser) = await PersonAsync(s);
            return await (await FormOfAsync(service, browser, await ToConsentAsync(browser, ByForm), ("choice", "deny"))).SendAsync();
        },
        ["DeviceAuthorization 400 application/json"] = s => SendFormAsync(
            s, "/device_authorization", null, ("client_id", "demo-device"), ("scope", "root")),
        ["GetDevice 303"] = s => GetAsync(s, "/device"),
        ["GetDevice 400 text/html"] = async s => await (await PersonAsync(s)).Browser.TypeAsync("BBBB-BBBB"),
        ["GetDevice 429 text/html"] = async s =>
        {
            var (_, browser) = await PersonAsync(s);
            return await RepeatAsync(429, _ => browser.TypeAsync("BBBB-BBBB"));
        },
        ["PostDevice 303"] = async s =>
        {
            var call = await Valid("PostDevice 200 text/html")(s);
            call.Browser.Cookies.Remove(("auth.contoso.localhost", "__Host-sid"));
            return await call.SendAsync();
        },
        ["PostDevice 429 text/html"] = async s =>
        {
            var call = await Valid("PostDevice 200 text/html")(s);
            using var guessed = await RepeatAsync(429, _ => call.Browser.TypeAsync("BBBB-BBBB"));
            return await call.SendAsync();
        },
        ["Token 400 application/json"] = s => SendFormAsync(s, "/token", OAuthCalls.Machine, ("grant_type", "password")),
        ["Revoke 400 application/json"] = s => SendFormAsync(s, "/revoke", OAuthCalls.Web),
        ["Introspect 400 application/json"] = s => SendFormAsync(s, "/introspect", OAuthCalls.Web),
        ["GetUserInfo 200 application/jwt"] = s => SignedClaimsAsync(s, HttpMethod.Get),
        ["PostUserInfo 200 application/jwt"] = s => SignedClaimsAsync(s, HttpMethod.Post),
        ["GetUserInfo 403 application/problem+json"] = s => NarrowAsync(s, HttpMethod.Get),
        ["PostUserInfo 403 application/problem+json"] = s => NarrowAsync(s, HttpMethod.Post),
        ["GetEndSession 303"] = s => GetAsync(s, $"/end_session?client_id=demo-spa&post_logout_redirect_uri={Uri.EscapeDataString(ContosoApp + "/")}"),
        ["GetEndSession 400 text/html"] = s => GetAsync(s, "/end_session?id_token_hint=x"),
        ["PostEndSession 303"] = s => SendFormAsync(s, "/end_session", null, ("client_id", "demo-spa")),

        ["Jwks 503 application/problem+json"] = async s => await (await s.KeylessAsync()).NewBrowser().GetAsync(Contoso + "/.well-known/jwks.json"),
        ["ManageUsers 400 application/problem+json"] = s => ManageAsync(s, HttpMethod.Get, "/manage/users?email=nobody"),
        ["BlockUser 404 application/problem+json"] = s => ManageAsync(s, HttpMethod.Post, "/manage/users/nobody/block"),
        ["UnblockUser 404 application/problem+json"] = s => ManageAsync(s, HttpMethod.Post, "/manage/users/nobody/unblock"),
        ["EndUserSessions 404 application/problem+json"] = s => ManageAsync(s, HttpMethod.Delete, "/manage/users/nobody/sessions"),
        ["RetireKey 404 application/problem+json"] = async s =>
            await (await OperatorAsync(await s.RotatingAsync(), HttpMethod.Post, "/manage/keys/nothing/retire")).SendAsync(),
        ["DevOutbox 404 application/problem+json"] = async s => await (await s.SendingAsync()).NewBrowser().GetAsync(Contoso + "/dev/outbox"),
    };

    /// <summary>A form of the account page, for each answer in HTML of <c>/account/{path}</c>.</summary>
    public static async Task<HttpResponseMessage> AccountFormAsync(Scene scene, string path, string answer)
    {
        var (service, browser) = await PersonAsync(scene);
        using var page = await browser.GetAsync(Contoso + "/account");
        var html = (await page.Content.ReadAsStringAsync()).Split("</form>")[0];
        var id = await browser.SessionIdAsync();
        if (answer == "429 text/html")
        {
            using var wrong = await RepeatAsync(429, _ => SendAsync("wrong"));
        }
        else if (answer == "401 text/html")
        {
            browser.Cookies.Remove(("auth.contoso.localhost", "__Host-sid"));
        }

        return await (answer switch
        {
            "400 text/html" => SendAsync(Password, ("repeated", "1"), ("repeated", "2")),
            "403 text/html" => SendAsync(Password, ("csrf", "wrong")),
            _ => SendAsync(Password),
        });

        async Task<HttpResponseMessage> SendAsync(string password, params (string Name, string Value)[] spoilt) => await browser.SendAsync(Browser.PageRequest(
            $"{Contoso}/account/{path}",
            html,
            [("password", password), ("new_password", AccountSteps.NewPassword), ("email", NewEmail()), ("session", id), .. spoilt]));
    }

    /// <summary>Repeats what somebody new does until it has this status.</summary>
    public static async Task<HttpResponseMessage> RepeatAsync(int status, Func<string, Task<HttpResponseMessage>> send)
    {
        var email = NewEmail();
        var response = await send(email);
        for (var tries = 0; tries < 10 && (int)response.StatusCode != status; tries++)
        {
            response.Dispose();
            response = await send(email);
        }

        return response;
    }

    private static Func<Scene, Task<Call>> Valid(string answer) => ValidCalls.All[answer];

    private static Task<HttpResponseMessage> RegisterAsync(TestService service, string email) =>
        service.NewBrowser().PostAsync(Contoso + "/register", new { email, password = Password });

    private static async Task<HttpResponseMessage> LoginAsync(Scene scene, string email) =>
        await (await scene.SampleAsync()).NewBrowser().PostAsync(Contoso + "/login", new { email, password = "wrong" });

    /// <summary>What a valid call's browser is answered to another request.</summary>
    private static async Task<HttpResponseMessage> ElsewhereAsync(Scene scene, string valid, HttpRequestMessage request) =>
        await ((await ValidCalls.All[valid](scene)) with { Request = request }).SendAsync();

    private static async Task<HttpResponseMessage> GetAsync(Scene scene, string path) => await (await scene.SampleAsync()).NewBrowser().GetAsync(Contoso + path);

    private static async Task<HttpResponseMessage> AssetAsync(Scene scene, string extension)
    {
        var service = await scene.SampleAsync();
        return await service.NewBrowser().GetAsync(await ValidCalls.AssetAsync(service, extension));
    }

    private static async Task<HttpResponseMessage> EndDeviceByFormAsync(Scene scene, string id)
    {
        var (service, browser) = await PersonAsync(scene);
        return await (await ValidCalls.AccountFormAsync(service, browser, "sessions/end", ("session", id))).SendAsync();
    }

    private static async Task<HttpResponseMessage> RinglessAsync(Scene scene, string path) =>
        await (await scene.RinglessAsync()).NewBrowser().GetAsync(Contoso + path);

    private static async Task<HttpResponseMessage> PageAsync(Scene scene, string path, params (string Name, string Value)[] fields) =>
        await (await FormOfAsync(scene, Contoso + path, fields)).SendAsync();

    private static async Task<HttpResponseMessage> ConfirmAsync(Scene scene, string link, string password)
    {
        var service = await scene.ConfirmingAsync();
        return await (await FormOfAsync(service, service.NewBrowser(), link, ("password", password))).SendAsync();
    }

    private static async Task<HttpResponseMessage> SendFormAsync(
        Scene scene, string path, (string Id, string Secret)? client, params (string Name, string Value)[] fields) =>
        await (await ClientAsync(scene, path, client, fields)).SendAsync();

    private static async Task<HttpResponseMessage> SignedClaimsAsync(Scene scene, HttpMethod method)
    {
        var service = await scene.SigningAsync();
        return await (await BearerAsync(scene, method, "/userinfo", await TokenAsync(scene, "access_token", at: service), service)).SendAsync();
    }

    /// <summary>By a token without scope <c>openid</c>.</summary>
    private static async Task<HttpResponseMessage> NarrowAsync(Scene scene, HttpMethod method) =>
        await (await BearerAsync(scene, method, "/userinfo", await TokenAsync(scene, "access_token", "profile"))).SendAsync();

    private static async Task<HttpResponseMessage> ManageAsync(Scene scene, HttpMethod method, string path) =>
        await (await OperatorAsync(await scene.SampleAsync(), method, path)).SendAsync();
}
