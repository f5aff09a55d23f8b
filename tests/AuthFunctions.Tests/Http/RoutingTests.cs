using System.Reflection;
using AuthFunctions.Http;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Sessions;
using Microsoft.Azure.Functions.Worker;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Http;

/// <summary>Paths, methods, hosts, and the headers that every answer has.</summary>
public class RoutingTests(SharedService shared) : IClassFixture<SharedService>
{
    private readonly TestService service = shared.Service;

    [Theory]
    [InlineData("PUT", "/login", "POST")]
    [InlineData("GET", "/login", "POST")]
    [InlineData("GET", "/par", "POST")]
    [InlineData("HEAD", "/session", "GET")]
    [InlineData("POST", "/session", "GET")]
    [InlineData("GET", "/sessions/abc", "DELETE")]
    [InlineData("DELETE", "/signin", "GET, POST")]
    [InlineData("PATCH", "/LOGOUT/all/", "POST")]
    [InlineData("PROPFIND", "/.well-known/jwks.json", "GET")]
    public async Task A_method_that_a_path_does_not_have_is_405_with_those_it_has(string method, string path, string allow)
    {
        using var response = await AskAsync(method, Contoso + path);

        Assert.Equal(405, (int)response.StatusCode);
        Assert.Equal(allow, string.Join(", ", response.Content.Headers.Allow));
        if (method == "HEAD")
        {
            Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        }
        else
        {
            await response.RefusedAsync(405, "method_not_allowed");
        }
    }

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("GET", "/nowhere")]
    [InlineData("POST", "/login/x")]
    [InlineData("OPTIONS", "/nowhere")]
    [InlineData("GET", "/sessions/a/b")]
    [InlineData("GET", "/CatchAll")]
    public async Task A_path_that_does_not_exist_is_404_as_a_problem(string method, string path)
    {
        using var response = await AskAsync(method, Contoso + path);

        await response.RefusedAsync(404, "not_found");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        var body = await response.JsonAsync();
        Assert.Equal(["type", "title", "status", "detail", "code"], body.EnumerateObject().Select(m => m.Name));
        Assert.Equal(404, body.GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task OPTIONS_without_Origin_tells_the_methods_and_no_CORS_header()
    {
        using var response = await AskAsync("OPTIONS", Contoso + "/signin");

        Assert.Equal(204, (int)response.StatusCode);
        Assert.Equal("GET, POST", string.Join(", ", response.Content.Headers.Allow));
        Assert.DoesNotContain(response.Headers, h => h.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("auth.contoso.test:7071")]
    [InlineData("auth.contoso.localhost")]
    [InlineData("auth.contoso.localhost:7072")]
    [InlineData("auth.contoso.localhost.:7071")]
    [InlineData("app.contoso.localhost:7071")]
    [InlineData("x.auth.contoso.localhost:7071")]
    [InlineData("auth.contoso.localhost.evil.test:7071")]
    [InlineData("127.0.0.1:7071")]
    public async Task An_unknown_host_gets_421_on_every_route_but_the_probes(string host)
    {
        foreach (var (method, path) in Routes().Append(("GET", "/")).Append(("OPTIONS", "/login")))
        {
            using var response = await AskAsync(method, Contoso + path, host);
            if (path.StartsWith("/health", StringComparison.Ordinal))
            {
                Assert.Equal(200, (int)response.StatusCode);
            }
            else
            {
                await response.RefusedAsync(421, "unknown_host");
            }

            Assert.Empty(response.SetCookies());
        }
    }

    [Fact]
    public async Task The_host_is_read_without_regard_to_case_and_a_forwarded_host_not_at_all()
    {
        using var upper = await AskAsync("GET", Contoso + "/.well-known/jwks.json", "AUTH.CONTOSO.localhost:7071");
        await upper.IsAsync(200);

        using var browser = service.NewBrowser();
        browser.Headers["X-Forwarded-Host"] = "auth.contoso.localhost:7071";
        browser.Headers["X-Original-Host"] = "auth.contoso.localhost:7071";
        browser.Headers["Forwarded"] = "host=auth.contoso.localhost:7071";
        var request = new HttpRequestMessage(HttpMethod.Get, Contoso + "/.well-known/jwks.json");
        request.Headers.Host = "evil.test";
        using var forwarded = await browser.SendAsync(request);
        await forwarded.RefusedAsync(421, "unknown_host");
    }

    [Fact]
    public async Task Every_answer_forbids_sniffing_and_storing_but_for_metadata()
    {
        foreach (var (method, path) in Routes().Append(("GET", "/nowhere")).Append(("PUT", "/login")).Append(("OPTIONS", "/login")))
        {
            using var response = await AskAsync(method, Contoso + path);

            Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("Origin", response.Headers.GetValues("Vary").First());
            var isMetadata = path == "/openapi.json" || path.StartsWith("/.well-known", StringComparison.Ordinal);
            Assert.Equal(isMetadata ? "public, max-age=3600" : "no-store", response.Headers.CacheControl?.ToString());
            Assert.False(response.Headers.Contains("Server"));
            Assert.NotInRange((int)response.StatusCode, 500, 599);
        }
    }

    private static List<(string Method, string Path)> Routes() =>
    [
        .. from type in typeof(RequestMiddleware).Assembly.GetExportedTypes()
           from method in type.GetMethods()
           from parameter in method.GetParameters()
           let trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()
           let route = trigger?.Route
           let methods = trigger?.Methods
           where route is not null && methods is { Length: > 0 }
           from verb in methods ?? []
           select (verb.ToUpperInvariant(), "/" + route.Replace("{id}", "abc", StringComparison.Ordinal)),
    ];

    private async Task<HttpResponseMessage> AskAsync(string method, string url, string? host = null)
    {
        using var browser = service.NewBrowser();
        var request = new HttpRequestMessage(new HttpMethod(method), url);
        request.Headers.Host = host;
        return await browser.SendAsync(request);
    }
}
