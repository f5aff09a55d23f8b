using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Tokens;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.SignIn;

public class RegisterTests
{
    [Fact]
    public async Task A_registration_makes_a_user_and_signs_in_with_cookies()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var browser = service.NewBrowser();

        using var response = await browser.PostAsync(Contoso + "/register", new { email, password = Password, name = "  Ada  ", unknown = 1 });

        Assert.Equal(201, (int)response.StatusCode);
        var body = await response.JsonAsync();
        Assert.Equal("expires_in id_token session user", body.Members());
        Assert.Equal((email, "Ada"), (body.GetProperty("user").Text("email"), body.GetProperty("user").Text("name")));
        Assert.NotNull(browser.Cookie(Contoso, "__Host-sid"));
        Assert.NotNull(browser.Cookie(Contoso, "__Host-device"));
        using var session = await browser.GetAsync(Contoso + "/session?fresh=1");
        Assert.Equal(body.GetProperty("user").GetRawText(), (await session.JsonAsync()).GetProperty("user").GetRawText());
    }

    [Fact]
    public async Task A_native_app_gets_tokens_in_the_body_and_no_cookie()
    {
        await using var service = await StartAsync();
        using var app = service.NewBrowser();

        using var response = await app.PostAsync(
            Contoso + "/register", new { email = NewEmail(), password = Password, transport = "body" }, origin: null);

        Assert.Equal(201, (int)response.StatusCode);
        Assert.Equal("access_token expires_in id_token refresh_token session token_type user", (await response.JsonAsync()).Members());
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData("zo\u00eb-{0}@people.test", "ZOE\u0308-{0}@PEOPLE.TEST")]
    [InlineData("zo\u00eb-{0}@people.test", "  zo\u00eb-{0}@people.test ")]
    [InlineData("zoe\u0308-{0}@people.test", "Zo\u00cb-{0}@people.test")]
    public async Task One_address_in_two_spellings_is_one_user(string first, string second)
    {
        await using var service = await StartAsync();
        var unique = Guid.NewGuid().ToString("N");
        (first, second) = (string.Format(null, first, unique), string.Format(null, second, unique));
        using var registered = await service.NewBrowser().PostAsync(Contoso + "/register", new { email = first, password = Password });
        Assert.Equal(201, (int)registered.StatusCode);
        Assert.Equal(first, (await registered.JsonAsync()).GetProperty("user").Text("email"));

        using var again = await service.NewBrowser().PostAsync(Contoso + "/register", new { email = second, password = Password });
        using var login = await service.NewBrowser().PostAsync(Contoso + "/login", new { email = second, password = Password });

        await again.RefusedAsync(409, "email_taken");
        Assert.Equal(200, (int)login.StatusCode);
    }

    [Fact]
    public async Task A_taken_address_is_refused_and_signs_nobody_in()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var owner = await service.SignedInAsync(email: email);
        using var stranger = service.NewBrowser();

        using var response = await stranger.PostAsync(Contoso + "/register", new { email, password = "another long enough one" });
        using var elsewhere = await stranger.PostAsync(Fabrikam + "/register", new { email, password = Password });

        await response.RefusedAsync(409, "email_taken");
        await elsewhere.RefusedAsync(409, "email_taken");
        Assert.Empty(stranger.Cookies);
    }

    [Theory]
    [InlineData("""{"password":"a long enough password"}""", "email", "invalid_request")]
    [InlineData("""{"email":null,"password":"a long enough password"}""", "email", "invalid_request")]
    [InlineData("""{"email":17,"password":"a long enough password"}""", "email", "invalid_request")]
    [InlineData("""{"email":"nobody","password":"a long enough password"}""", "email", "invalid_request")]
    [InlineData("""{"email":"a\uFFFEb@people.test","password":"a long enough password"}""", "email", "invalid_request")]
    [InlineData("""{"email":"a@people.test"}""", "password", "invalid_request")]
    [InlineData("""{"email":"a@people.test","password":""}""", "password", "invalid_request")]
    [InlineData("""{"email":"a@people.test","password":["a long enough password"]}""", "password", "invalid_request")]
    [InlineData("""{"email":"a@people.test","password":"half \uD83D of a pair, long enough"}""", "password", "invalid_request")]
    [InlineData("""{"email":"a@people.test","password":"short"}""", "password", "password_refused")]
    [InlineData("""{"email":"a@people.test","password":"passwordpassword"}""", "password", "password_refused")]
    [InlineData("""{"email":"a@people.test","password":"a@people.test is long"}""", "password", "password_refused")]
    [InlineData("""{"email":"a@people.test","password":"not a character \uFFFE but long"}""", "password", "password_refused")]
    [InlineData("""{"email":"a@people.test","password":"a long enough password","name":{}}""", "name", "invalid_request")]
    [InlineData("""{"email":"a@people.test","password":"a long enough password","transport":"pigeon"}""", "transport", "invalid_request")]
    public async Task A_wrong_field_is_named(string json, string field, string code)
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();
        using var request = new HttpRequestMessage(HttpMethod.Post, Contoso + "/register")
        {
            Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Origin", ContosoApp);
        service.Counter.Reset();

        using var response = await browser.SendAsync(request);

        await response.RefusedAsync(400, code);
        Assert.Equal(field, await response.TextAsync("field"));
        Assert.Equal((0, 0), (service.Counter.Waves, service.Counter.Commits));
        Assert.Equal(0, service.Hasher.Operations);
    }

    [Fact]
    public async Task A_name_has_200_characters_at_most_and_may_be_left_out()
    {
        await using var service = await StartAsync();
        using var browser = service.NewBrowser();

        using var longest = await browser.PostAsync(Contoso + "/register", new { email = NewEmail(), password = Password, name = new string('n', 200) });
        using var tooLong = await browser.PostAsync(Contoso + "/register", new { email = NewEmail(), password = Password, name = new string('n', 201) });
        using var blank = await browser.PostAsync(Contoso + "/register", new { email = "grace" + NewEmail(), password = Password, name = "   " });

        Assert.Equal(201, (int)longest.StatusCode);
        await tooLong.RefusedAsync(400, "invalid_request");
        Assert.Equal("name", await tooLong.TextAsync("field"));
        Assert.StartsWith("grace", (await blank.JsonAsync()).GetProperty("user").Text("name"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_of_256_characters_registers_and_signs_in_however_it_is_composed()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var browser = service.NewBrowser();
        var composed = string.Concat(Enumerable.Repeat("\u1ec7\u01d8\u00e9x", 64));
        var decomposed = composed.Normalize(System.Text.NormalizationForm.FormD);

        using var register = await browser.PostAsync(Contoso + "/register", new { email, password = composed[..^1] + "y" });
        using var login = await browser.PostAsync(Contoso + "/login", new { email, password = decomposed[..^1] + "y" });
        using var tooLong = await browser.PostAsync(Contoso + "/login", new { email, password = new string('x', 1025) });

        Assert.Equal(201, (int)register.StatusCode);
        Assert.Equal(200, (int)login.StatusCode);
        await tooLong.RefusedAsync(400, "invalid_request");
    }

    [Fact]
    public async Task Where_native_apps_may_not_sign_in_they_may_not_register()
    {
        await using var service = await StartAsync(new() { ["Sites:contoso:NativeLogin"] = "false" });
        using var app = service.NewBrowser();

        using var response = await app.PostAsync(
            Contoso + "/register", new { email = NewEmail(), password = Password, transport = "body" }, origin: null);

        await response.RefusedAsync(403, "native_login_off");
    }
}
