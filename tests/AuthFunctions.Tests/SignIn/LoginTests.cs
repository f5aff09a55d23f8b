using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.SignIn;

public class LoginTests
{
    [Fact]
    public async Task A_registered_person_signs_in_with_cookies_and_sees_who_they_are()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var first = await service.SignedInAsync(email: email);
        using var browser = service.NewBrowser();

        using var login = await browser.PostAsync(Contoso + "/login", new { email, password = Password });

        Assert.Equal(200, (int)login.StatusCode);
        var body = await login.JsonAsync();
        Assert.Equal(email, body.GetProperty("user").GetProperty("email").GetString());
        Assert.Equal(300, body.GetProperty("expires_in").GetInt32());
        Assert.False(body.TryGetProperty("access_token", out _));
        Assert.NotNull(browser.Cookie(Contoso, "__Host-sid"));
        using var session = await browser.GetAsync(Contoso + "/session");
        Assert.Equal(200, (int)session.StatusCode);
        Assert.Equal(body.GetProperty("session").GetRawText(), (await session.JsonAsync()).GetProperty("session").GetRawText());
    }
}
