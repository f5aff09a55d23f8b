using System.Net;
using System.Net.Http.Json;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Tests.Offline;

/// <summary>The local Functions host. Which function a request reaches.</summary>
public sealed class HostRoutingTests : SampleHost
{
    [Theory]
    [InlineData("GET", "/items/7", "item 7")]
    [InlineData("POST", "/items/7", "item 7")]
    [InlineData("GET", "/ITEMS/7/", "item 7")]
    [InlineData("GET", "/items/first", "the first")]
    [InlineData("GET", "/text/a%2Fb", "text a%2Fb")]
    [InlineData("PATCH", "/anything", "anything")]
    public async Task A_listed_path_and_method_reach_their_function(string method, string path, string answer)
    {
        await using var app = await StartAsync([typeof(SampleRoutes)]);

        using var response = await app.SendAsync(method, path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(answer, await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("GET", "/elsewhere")]
    [InlineData("GET", "/items/seven")]
    [InlineData("DELETE", "/items/7")]
    [InlineData("HEAD", "/items/7")]
    [InlineData("OPTIONS", "/items/7")]
    [InlineData("GET", "/runtime/webhooks")]
    public async Task What_no_function_lists_is_an_empty_404_and_never_405(string method, string path)
    {
        await using var app = await StartAsync([typeof(SampleRoutes)]);

        using var response = await app.SendAsync(method, path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(response.Content.Headers.Allow);
        Assert.Empty(await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("GET", "/", "GET /")]
    [InlineData("GET", "/items/seven", "GET /items/seven")]
    [InlineData("DELETE", "/items/7", "DELETE /items/7")]
    [InlineData("OPTIONS", "/items/7", "OPTIONS /items/7")]
    [InlineData("HEAD", "/items/7", "")]
    public async Task A_catch_all_takes_what_no_other_function_lists(string method, string path, string answer)
    {
        await using var app = await StartAsync([typeof(SampleRoutes), typeof(SampleCatchAll)]);

        using var response = await app.SendAsync(method, path);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(answer, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_more_specific_route_wins_over_the_catch_all()
    {
        await using var app = await StartAsync([typeof(SampleCatchAll), typeof(SampleRoutes)]);

        Assert.Equal("the first", await app.Http.GetStringAsync(new Uri("/items/first", UriKind.Relative)));
    }

    [Theory]
    [InlineData("POST", "/admin/functions/Nobody")]
    [InlineData("POST", "/admin/functions/CatchAll")]
    [InlineData("POST", "/admin/functions/")]
    [InlineData("POST", "/Admin/elsewhere")]
    [InlineData("GET", "/admin/functions/Yearly")]
    public async Task Other_paths_under_admin_are_404_and_reach_no_function(string method, string path)
    {
        await using var app = await StartAsync([typeof(SampleTimers), typeof(SampleCatchAll)], builder =>
        {
            builder.ConfigureFunctionsWebApplication();
            builder.Services.AddSingleton<List<string>>();
        });
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = JsonContent.Create(new { input = "" });

        using var response = await app.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(app.Host.Services.GetRequiredService<List<string>>());
    }

    [Theory]
    [InlineData(null, "/api/Nothing")]
    [InlineData("""{ "version": "2.0" }""", "/api/Nothing")]
    [InlineData(EmptyPrefix, "/Nothing")]
    [InlineData("""{ "extensions": { "http": { "routePrefix": "v1/auth" } } }""", "/v1/auth/Nothing")]
    public async Task The_route_prefix_is_that_of_host_json_or_api(string? hostJson, string path)
    {
        await using var app = await StartAsync([typeof(SampleAnswers)], hostJson: hostJson);

        using var found = await app.SendAsync("GET", path);
        using var other = await app.SendAsync("GET", "/other/Nothing");

        Assert.Equal(HttpStatusCode.OK, found.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
    }
}
