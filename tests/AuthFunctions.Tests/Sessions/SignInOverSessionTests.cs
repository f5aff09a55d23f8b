using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Sessions;

public class SignInOverSessionTests(SharedService shared) : IClassFixture<SharedService>
{
    private readonly TestService service = shared.Service;

    [Fact]
    public async Task Signing_in_again_ends_the_session_that_the_browser_had()
    {
        var email = NewEmail();
        using var browser = await service.SignedInAsync(email: email);
        using var copy = browser.Copy();
        var (userId, old) = await browser.WhoAsync();

        using var login = await browser.PostAsync(Contoso + "/login", new { email, password = Password });

        await login.IsAsync(200);
        var (_, next) = await browser.WhoAsync();
        Assert.NotEqual(old, next);
        Assert.Equal("no such session", await service.WhyDeadAsync(userId, old));
        Assert.Null(await service.WhyDeadAsync(userId, next));
        Assert.Equal(["replaced"], await service.EndsAsync(userId));
        using var refused = await copy.PostAsync(Contoso + "/refresh");
        await refused.RefusedAsync(401, "session_ended");
    }

    [Fact]
    public async Task Another_person_signing_in_ends_the_first_ones_session()
    {
        var email = NewEmail();
        using (await service.SignedInAsync(email: email))
        {
        }

        using var browser = await service.SignedInAsync();
        var (first, old) = await browser.WhoAsync();

        using var login = await browser.PostAsync(Contoso + "/login", new { email, password = Password });

        await login.IsAsync(200);
        var (second, _) = await browser.WhoAsync();
        Assert.NotEqual(first, second);
        Assert.Equal("no such session", await service.WhyDeadAsync(first, old));
        Assert.Equal(["replaced"], await service.EndsAsync(first));
        Assert.Empty(await service.EndsAsync(second));
    }

    [Fact]
    public async Task A_registration_over_a_session_ends_it_too()
    {
        using var browser = await service.SignedInAsync();
        var (first, old) = await browser.WhoAsync();

        using var register = await browser.PostAsync(Contoso + "/register", new { email = NewEmail(), password = Password });

        await register.IsAsync(201);
        Assert.Equal("no such session", await service.WhyDeadAsync(first, old));
    }

    [Fact]
    public async Task A_failed_sign_in_ends_nothing()
    {
        var email = NewEmail();
        using var browser = await service.SignedInAsync(email: email);
        var (userId, sessionId) = await browser.WhoAsync();

        using var failed = await browser.PostAsync(Contoso + "/login", new { email, password = "not the right password" });

        await failed.RefusedAsync(401, "invalid_credentials");
        Assert.Null(await service.WhyDeadAsync(userId, sessionId));
        Assert.Equal(sessionId, (await browser.WhoAsync()).SessionId);
    }

    [Fact]
    public async Task A_native_app_signing_in_ends_no_other_session()
    {
        using var first = await NativeApp.RegisterAsync(service);
        using var second = await NativeApp.SignInAsync(service, first.Email);

        Assert.Null(await service.WhyDeadAsync(first.UserId, first.SessionId));
        Assert.Null(await service.WhyDeadAsync(first.UserId, second.SessionId));
    }

    [Fact]
    public async Task Signing_in_over_a_child_ends_the_child_and_not_its_root()
    {
        var email = NewEmail();
        using var browser = await service.SignedInAsync(email: email);
        var (userId, rootId) = await browser.WhoAsync();
        var child = await service.ChildAsync(userId, rootId);
        var request = Browser.JsonRequest(HttpMethod.Post, Fabrikam + "/login", new { email, password = Password });
        request.Headers.Add("Cookie", "__Host-sid=" + child.Cookie);

        using var login = await browser.SendAsync(request);

        await login.IsAsync(200);
        Assert.Equal("no such session", await service.WhyDeadAsync(userId, child.Id));
        Assert.Null(await service.WhyDeadAsync(userId, rootId));
    }

    [Fact]
    public async Task A_handle_of_another_site_is_no_session_to_replace()
    {
        var email = NewEmail();
        using var browser = await service.SignedInAsync(email: email);
        var (userId, sessionId) = await browser.WhoAsync();
        var request = Browser.JsonRequest(HttpMethod.Post, Fabrikam + "/login", new { email, password = Password });
        request.Headers.Add("Cookie", "__Host-sid=" + browser.Cookie(Contoso, "__Host-sid"));

        using var login = await browser.SendAsync(request);

        await login.IsAsync(200);
        Assert.Null(await service.WhyDeadAsync(userId, sessionId));
    }
}
