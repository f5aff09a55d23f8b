using System.Text.Json;
using AuthFunctions.Sessions;
using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Device;

/// <summary>A device that waits to be let in.</summary>
internal sealed record Waiting(string DeviceCode, string UserCode);

/// <summary>A valid device flow at contoso, of which a test spoils one thing. A value of null leaves a parameter out.</summary>
internal static class DeviceCeremony
{
    public const string GrantType = "urn:ietf:params:oauth:grant-type:device_code";

    public static Task<HttpResponseMessage> AskToBeLetInAsync(this Browser device, params (string Name, string? Value)[] spoilt) => device.FormAsync(
        Contoso + "/device_authorization", null, Ceremony.Spoil([("client_id", "demo-device"), ("scope", "openid email")], spoilt));

    public static async Task<Waiting> WaitAsync(this Browser device, string scope = "openid email")
    {
        using var response = await device.AskToBeLetInAsync(("scope", scope));
        Assert.Equal(200, (int)response.StatusCode);
        var body = await response.JsonAsync();
        return new(body.Text("device_code"), body.Text("user_code"));
    }

    public static Task<HttpResponseMessage> PollAsync(this Browser device, string deviceCode, params (string Name, string? Value)[] spoilt) =>
        device.PollAtAsync(Contoso, deviceCode, spoilt);

    public static Task<HttpResponseMessage> PollAtAsync(this Browser device, string site, string deviceCode, params (string Name, string? Value)[] spoilt) =>
        device.FormAsync(
            site + "/token", null, Ceremony.Spoil([("grant_type", GrantType), ("client_id", "demo-device"), ("device_code", deviceCode)], spoilt));

    /// <summary>The page that a person sees after typing a code.</summary>
    public static Task<HttpResponseMessage> TypeAsync(this Browser person, string userCode, string site = Contoso) =>
        person.GetAsync($"{site}/device?user_code={Uri.EscapeDataString(userCode)}");

    /// <summary>Types the code and answers on the page.</summary>
    public static async Task<HttpResponseMessage> AnswerAsync(this Browser person, string userCode, string choice = "allow")
    {
        using var page = await person.TypeAsync(userCode);
        Assert.Equal(200, (int)page.StatusCode);
        return await person.SubmitAsync(Contoso + "/device", await page.Content.ReadAsStringAsync(), ("choice", choice));
    }

    /// <summary>Types the code and lets the device in.</summary>
    public static async Task AllowAsync(this Browser person, string userCode)
    {
        using var answer = await person.AnswerAsync(userCode);
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Contains("Your device is connected", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <summary>The whole flow: the token response.</summary>
    public static async Task<JsonElement> DeviceTokensAsync(this TestService service, Browser person, string scope = "openid email")
    {
        using var device = service.NewBrowser();
        var waiting = await device.WaitAsync(scope);
        await person.AllowAsync(waiting.UserCode);
        using var response = await device.PollAsync(waiting.DeviceCode);
        Assert.Equal(200, (int)response.StatusCode);
        return await response.JsonAsync();
    }

    public static async Task<string> UserIdAsync(this Browser browser)
    {
        using var response = await browser.GetAsync(Contoso + "/session");
        return (await response.JsonAsync()).GetProperty("user").GetProperty("id").GetString()!;
    }

    public static async Task<string> SessionIdAsync(this Browser browser)
    {
        using var response = await browser.GetAsync(Contoso + "/session");
        return (await response.JsonAsync()).GetProperty("session").GetProperty("id").GetString()!;
    }

    /// <summary>What may happen to a user between two steps.</summary>
    public static async Task BefallAsync(this TestService service, Browser person, string change)
    {
        var userId = await person.UserIdAsync();
        var blocking = service.Get<UserBlocking>();
        switch (change)
        {
            case "sign out" or "sign out everywhere":
                using (var response = await person.PostAsync(Contoso + (change == "sign out" ? "/logout" : "/logout/all")))
                {
                    Assert.Equal(204, (int)response.StatusCode);
                }

                break;

            default:
                Assert.True(await blocking.BlockAsync(userId, "demo-operator", CancellationToken.None));
                if (change == "block and unblock")
                {
                    Assert.True(await blocking.UnblockAsync(userId, "demo-operator", CancellationToken.None));
                }

                break;
        }
    }
}
