using System.Net.Http.Json;
using System.Text;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Sessions;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Http;

/// <summary>The same request as the site's own page sends it, spoiled in one way at a time.</summary>
public class CrossSiteTests(SharedService shared) : IClassFixture<SharedService>
{
    private readonly TestService service = shared.Service;

    public static TheoryData<string, string, int> Endpoints => new()
    {
        { "POST", "/login", 200 },
        { "POST", "/register", 201 },
        { "POST", "/refresh", 200 },
        { "POST", "/logout", 204 },
        { "POST", "/logout/all", 204 },
        { "DELETE", "/sessions/{id}", 204 },
    };

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task A_request_that_another_sites_page_may_have_caused_is_refused_and_changes_nothing(string method, string path, int status)
    {
        var email = NewEmail();
        using var browser = await service.SignedInAsync(email: email);
        var (userId, sessionId) = await browser.WhoAsync();
        service.Counter.Reset();

        foreach (var (what, spoil) in Spoils())
        {
            var request = Valid(method, path, sessionId, email);
            spoil(request);
            using var refused = await browser.SendAsync(request);
            Assert.True((int)refused.StatusCode == 403, what);
            await refused.RefusedAsync(403, "cross_site");
            Assert.Empty(refused.SetCookies());
        }

        Assert.Equal((0, 0), (service.Counter.PointReads, service.Counter.Commits));
        Assert.Null(await service.WhyDeadAsync(userId, sessionId));
        using var valid = await browser.SendAsync(Valid(method, path, sessionId, email));
        await valid.IsAsync(status);
    }

    [Theory]
    [InlineData(ContosoApp)]
    [InlineData(Contoso)]
    public async Task The_sites_frontends_and_the_auth_host_itself_are_its_own(string origin)
    {
        using var browser = await service.SignedInAsync();
        browser.Headers["Sec-Fetch-Site"] = origin == Contoso ? "same-origin" : "same-site";

        using var response = await browser.PostAsync(Contoso + "/refresh", new { }, origin);

        await response.IsAsync(200);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("TEXT/PLAIN; charset=utf-8")]
    [InlineData(null)]
    public async Task A_simple_content_type_needs_the_header_that_a_form_cannot_send(string? contentType)
    {
        using var browser = await service.SignedInAsync();

        using var refused = await browser.SendAsync(Request(false));
        using var allowed = await browser.SendAsync(Request(true));

        await refused.RefusedAsync(403, "cross_site");
        Assert.Contains(service.Log.Lines, l => l.Contains("simple content type without X-Requested-With", StringComparison.Ordinal));
        await allowed.IsAsync(204);

        HttpRequestMessage Request(bool header)
        {
            var request = Browser.JsonRequest(HttpMethod.Post, Contoso + "/logout", null);
            request.Content = new ByteArrayContent([]);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType ?? "");
            if (header)
            {
                request.Headers.Add("X-Requested-With", "fetch");
            }

            return request;
        }
    }

    [Fact]
    public async Task A_fabrikam_page_cannot_act_on_a_contoso_session()
    {
        using var browser = await service.SignedInAsync();

        using var refused = await browser.PostAsync(Contoso + "/logout", new { }, FabrikamApp);

        await refused.RefusedAsync(403, "cross_site");
        await browser.WhoAsync();
    }

    private static IEnumerable<(string What, Action<HttpRequestMessage> Spoil)> Spoils()
    {
        foreach (var origin in new[]
        {
            "http://evil.test", "null", FabrikamApp, ContosoApp + ".evil.test", ContosoApp + ".", ContosoApp + "/", "https://app.contoso.localhost:5173",
            "http://app.contoso.localhost", "http://x.app.contoso.localhost:5173", "http://contoso.localhost:5173", "HTTP://APP.CONTOSO.LOCALHOST:5173", " ",
        })
        {
            yield return ($"Origin {origin}", r => Origin(r, origin));
        }

        yield return ("no Origin", r => r.Headers.Remove("Origin"));
        yield return ("cross-site", r => r.Headers.Add("Sec-Fetch-Site", "cross-site"));
        yield return ("none", r => r.Headers.Add("Sec-Fetch-Site", "none"));
        yield return ("simple content type", r =>
        {
            r.Headers.Remove("X-Requested-With");
            r.Content = new StringContent("{}", Encoding.UTF8, "text/plain");
        });
    }

    private static void Origin(HttpRequestMessage request, string origin)
    {
        request.Headers.Remove("Origin");
        request.Headers.TryAddWithoutValidation("Origin", origin);
    }

    private static HttpRequestMessage Valid(string method, string path, string sessionId, string email)
    {
        var request = Browser.JsonRequest(new(method), Contoso + path.Replace("{id}", sessionId, StringComparison.Ordinal), null);
        request.Content = path switch
        {
            "/login" => JsonContent.Create(new { email, password = Password }),
            "/register" => JsonContent.Create(new { email = NewEmail(), password = Password }),
            _ => JsonContent.Create(new { }),
        };
        return request;
    }
}
