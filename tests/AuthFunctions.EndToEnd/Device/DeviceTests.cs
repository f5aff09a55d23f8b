using AuthFunctions.EndToEnd.Fixtures;
using AuthFunctions.Tests.Fixtures;

namespace AuthFunctions.EndToEnd.Device;

[Collection(OnStage.Name)]
public class DeviceTests(Stage stage)
{
    [Theory]
    [InlineData(Manner.Mouse, "allow")]
    [InlineData(Manner.Mouse, "deny")]
    [InlineData(Manner.Keyboard, "allow")]
    [InlineData(Manner.WithoutScript, "allow")]
    [InlineData(Manner.WithoutScript, "deny")]
    public async Task A_person_signs_in_types_the_code_and_decides(Manner manner, string choice)
    {
        var person = await stage.RegisterAsync();
        using var device = stage.Service.NewBrowser();
        using var asked = await device.FormAsync(
            stage.Contoso.Auth + "/device_authorization", null, ("client_id", "demo-device"), ("scope", "openid offline_access"));
        var (deviceCode, userCode) = (await asked.TextAsync("device_code"), await asked.TextAsync("user_code"));
        await stage.VisitAsync(manner, async visitor =>
        {
            await visitor.OpenAsync(stage.Contoso.Auth + "/device");
            await visitor.EnterAsync(person.Email, person.Password);
            Assert.Equal(stage.Contoso.Auth + "/device", visitor.Place);
            await visitor.TypeAsync("user_code", userCode!);
            await visitor.SubmitAsync("/device");
            Assert.Contains(userCode!, await visitor.Page.ContentAsync(), StringComparison.Ordinal);

            Assert.Equal(200, await visitor.SubmitAsync("/device", choice));
        });

        using var polled = await device.FormAsync(
            stage.Contoso.Auth + "/token", null, ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("client_id", "demo-device"),
            ("device_code", deviceCode!));
        Assert.Equal(choice == "allow" ? (200, null) : (400, "access_denied"), ((int)polled.StatusCode, await polled.TextAsync("error")));
    }

    [Fact]
    public Task A_wrong_code_is_told_on_the_page() => stage.VisitAsync(async visitor =>
    {
        await stage.SignInAsync(visitor, stage.Contoso);
        await visitor.OpenAsync(stage.Contoso.Auth + "/device");
        await visitor.TypeAsync("user_code", "BCDF-GHJK");

        Assert.InRange(await visitor.SubmitAsync("/device"), 400, 499);

        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
    });
}
