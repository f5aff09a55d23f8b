using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Tokens;
using Microsoft.IdentityModel.JsonWebTokens;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Samples;

/// <summary>The samples go along when the service changes its key: what was announced in time is known, and a pulled key is forgotten.</summary>
public class KeyChangeTests
{
    private static readonly TimeSpan AnnounceAhead = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task An_api_takes_tokens_through_a_rotation_and_none_of_a_key_that_was_pulled_before_it_asked()
    {
        await using var service = await StartAsync(
            new(OrdersApis.Settings)
            {
                ["Keys:Source"] = "Development",
                ["Keys:AnnounceAhead"] = $"{AnnounceAhead}",
                ["Keys:JwksCacheLifetime"] = $"{AnnounceAhead}",
                ["Tokens:AccessTokenLifetime"] = "01:00:00",
            },
            clock: new ManualClock(DateTimeOffset.UtcNow - (2 * AnnounceAhead)));
        using var browser = await service.OperatorAsync();
        await PostAsync(browser, "/manage/keys/rotate");
        await using var dotnet = await OrdersApi.StartAsync(OrdersApi.Dotnet, service);
        await using var node = await OrdersApi.StartAsync(OrdersApi.Node, service);
        var before = await TokenAsync(service);
        await AnswersAsync(200, before, dotnet, node);

        service.Clock.Advance(2 * AnnounceAhead);
        await PostAsync(browser, "/manage/keys/rotate");
        var after = await TokenAsync(service);
        Assert.NotEqual(KidOf(before), KidOf(after));
        await AnswersAsync(200, after, dotnet, node);
        await AnswersAsync(200, before, dotnet, node);

        await PostAsync(browser, $"/manage/keys/{KidOf(after)}/retire");
        var last = await TokenAsync(service);
        await using var newDotnet = await OrdersApi.StartAsync(OrdersApi.Dotnet, service);
        await using var newNode = await OrdersApi.StartAsync(OrdersApi.Node, service);
        await AnswersAsync(200, last, newDotnet, newNode);
        await AnswersAsync(401, after, newDotnet, newNode);
    }

    private static Task<string> TokenAsync(TestService service) => service.ClientTokenAsync(OAuthCalls.Machine, ("resource", ExchangeCeremony.Orders));

    private static string KidOf(string token) => new JsonWebToken(token).Kid;

    private static async Task PostAsync(Browser browser, string path)
    {
        using var response = await browser.PostAsync(Contoso + path, origin: null);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
    }

    private static async Task AnswersAsync(int status, string token, params OrdersApi[] apis)
    {
        foreach (var api in apis)
        {
            using var response = await api.GetAsync(token);
            Assert.Equal(status, (int)response.StatusCode);
        }
    }
}
