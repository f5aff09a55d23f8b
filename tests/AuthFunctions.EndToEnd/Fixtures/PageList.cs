using AuthFunctions.Tests.Fixtures;

namespace AuthFunctions.EndToEnd.Fixtures;

/// <summary>Every page that people meet, and how to come to it. What looks at all pages goes by this list; so do the screenshots.</summary>
internal static class PageList
{
    private const string NonceHash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";

    /// <summary>Of the service.</summary>
    public static IReadOnlyDictionary<string, Func<Stage, Visitor, Task>> OfService { get; } = new Dictionary<string, Func<Stage, Visitor, Task>>
    {
        ["signin"] = (stage, visitor) => visitor.OpenAsync(stage.Contoso.Auth + "/signin"),
        ["signin-wrong"] = (stage, visitor) => visitor.SignInAsync(stage.Contoso, Person.New()),
        ["signup"] = (stage, visitor) => visitor.OpenAsync(stage.Contoso.Auth + "/signup"),
        ["forgot"] = (stage, visitor) => visitor.OpenAsync(stage.Contoso.Auth + "/forgot"),
        ["mail-sent"] = AskForResetAsync,
        ["reset"] = async (stage, visitor) =>
        {
            var person = await AskForResetAsync(stage, visitor);
            await stage.FollowMailAsync(visitor, stage.Contoso, person.Email);
        },
        ["verify"] = async (stage, visitor) =>
        {
            var person = Person.New();
            using var browser = stage.Service.NewBrowser();
            using var registered = await browser.PostAsync(
                stage.Contoso.Auth + "/register", new { email = person.Email, password = person.Password }, stage.Contoso.App);
            await stage.FollowMailAsync(visitor, stage.Contoso, person.Email);
        },
        ["unlock"] = (stage, visitor) => visitor.OpenAsync(stage.Contoso.Auth + "/unlock"),
        ["unlock-link"] = async (stage, visitor) =>
        {
            var person = await stage.RegisterAsync();
            await visitor.OpenAsync(stage.Contoso.Auth + "/unlock");
            await visitor.TypeAsync("email", person.Email);
            await visitor.SubmitAsync("/unlock");
            await stage.FollowMailAsync(visitor, stage.Contoso, person.Email);
        },
        ["account"] = async (stage, visitor) =>
        {
            await stage.SignInAsync(visitor, stage.Contoso);
            await visitor.OpenAsync(stage.Contoso.Auth + "/account");
        },
        ["email-confirm"] = async (stage, visitor) =>
        {
            var person = await stage.SignInAsync(visitor, stage.Contoso);
            var moved = Person.New();
            await visitor.OpenAsync(stage.Contoso.Auth + "/account");
            await visitor.TypeAsync("email", moved.Email, "/account/email");
            await visitor.TypeAsync("password", person.Password, "/account/email");
            await visitor.SubmitAsync("/account/email");
            await stage.FollowMailAsync(visitor, stage.Contoso, moved.Email);
        },
        ["consent"] = async (stage, visitor) =>
        {
            await stage.SignInAsync(visitor, stage.Contoso);
            await visitor.OpenAsync(
                $"{stage.Contoso.Auth}/authorize?response_type=code&client_id=demo-partner&redirect_uri=http%3A%2F%2F127.0.0.1%2Fcallback"
                + "&scope=openid%20profile%20email&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256");
        },
        ["device"] = async (stage, visitor) =>
        {
            await stage.SignInAsync(visitor, stage.Contoso);
            await visitor.OpenAsync(stage.Contoso.Auth + "/device");
        },
        ["device-consent"] = TypeDeviceCodeAsync,
        ["device-done"] = async (stage, visitor) =>
        {
            await TypeDeviceCodeAsync(stage, visitor);
            await visitor.SubmitAsync("/device", "allow");
        },
        ["handoff"] = async (stage, visitor) =>
        {
            await stage.SignInAsync(visitor, stage.Contoso);
            var address = $"{stage.Contoso.Auth}/handoff?to=fabrikam&nonce_hash={NonceHash}";
            await visitor.OpenAsync(stage.Others.Publish("www.contoso.localhost", $"<meta http-equiv='refresh' content='0; url={address}'>"));
            await visitor.ArriveAsync(address);
        },
        ["handoff-switch"] = async (stage, visitor) =>
        {
            await stage.SignInAsync(visitor, stage.Contoso);
            await stage.SignInAsync(visitor, stage.Fabrikam);
            await visitor.OpenAsync(stage.Others.Publish("www.contoso.localhost", $"<a href='{stage.Contoso.Auth}/handoff?to=fabrikam'>go</a>"));
            await visitor.FollowAsync("/handoff");
        },
        ["end-session"] = async (stage, visitor) =>
        {
            await stage.SignInAsync(visitor, stage.Contoso);
            await visitor.OpenAsync(stage.Contoso.Auth + "/end_session");
        },
        ["signed-out"] = (stage, visitor) => visitor.OpenAsync(stage.Contoso.Auth + "/end_session"),
        ["error"] = (stage, visitor) => visitor.OpenAsync(stage.Contoso.Auth + "/handoff?to=nowhere"),
    };

    /// <summary>Of the demo frontends and the developers' outbox, in English alone.</summary>
    public static IReadOnlyDictionary<string, Func<Stage, Visitor, Task>> OfDemo { get; } = new Dictionary<string, Func<Stage, Visitor, Task>>
    {
        ["contoso"] = async (stage, visitor) =>
        {
            await visitor.OpenAsync(stage.Contoso.App);
            await Frontend.ShowsNobodyAsync(visitor.Page);
        },
        ["contoso-signed-in"] = async (stage, visitor) =>
        {
            var person = await stage.SignInAsync(visitor, stage.Contoso);
            await Frontend.ShowsAsync(visitor.Page, person);
        },
        ["fabrikam"] = async (stage, visitor) =>
        {
            await visitor.OpenAsync(stage.Fabrikam.App);
            await Frontend.ShowsNobodyAsync(visitor.Page);
        },
        ["outbox"] = async (stage, visitor) =>
        {
            await AskForResetAsync(stage, visitor);
            await stage.Service.DeliverAsync();
            await visitor.OpenAsync(stage.Contoso.Auth + "/dev/outbox");
        },
    };

    /// <summary>Comes to a page, and asserts that it is one.</summary>
    public static async Task OpenAsync(string name, Stage stage, Visitor visitor)
    {
        await (OfService.GetValueOrDefault(name) ?? OfDemo[name])(stage, visitor);
        await Assertions.Expect(visitor.Page.Locator("main h1, header h1").First).ToBeVisibleAsync();
    }

    private static async Task<Person> AskForResetAsync(Stage stage, Visitor visitor)
    {
        var person = await stage.RegisterAsync();
        await visitor.OpenAsync(stage.Contoso.Auth + "/forgot");
        await visitor.TypeAsync("email", person.Email);
        await visitor.SubmitAsync("/forgot");
        return person;
    }

    private static async Task TypeDeviceCodeAsync(Stage stage, Visitor visitor)
    {
        using var device = stage.Service.NewBrowser();
        using var asked = await device.FormAsync(
            stage.Contoso.Auth + "/device_authorization", null, ("client_id", "demo-device"), ("scope", "openid profile offline_access"));
        await stage.SignInAsync(visitor, stage.Contoso);
        await visitor.OpenAsync($"{stage.Contoso.Auth}/device?user_code={await asked.TextAsync("user_code")}");
    }
}
