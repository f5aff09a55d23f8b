using AuthFunctions.EndToEnd.Fixtures;

namespace AuthFunctions.EndToEnd.Hostile;

[Collection(OnStage.Name)]
public class FramingTests(Stage stage)
{
    private string[] Addresses =>
    [
        .. new[] { "/signin", "/forgot", "/unlock", "/account", "/device", "/end_session", "/verify", "/handoff?to=nowhere", "/dev/outbox" }
            .Select(path => stage.Contoso.Auth + path),
        $"{stage.Contoso.Auth}/handoff?to=fabrikam&nonce_hash=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
        stage.Contoso.App + "/",
        stage.Fabrikam.App + "/",
    ];

    [Theory]
    [InlineData("www.evil.localhost")]
    [InlineData("evil.contoso.localhost")]
    public Task No_page_shows_in_a_stranger_s_frame(string stranger) => stage.VisitAsync(async visitor =>
    {
        await stage.SignInAsync(visitor, stage.Contoso);
        foreach (var address in Addresses)
        {
            await visitor.OpenAsync(address);
            await Assertions.Expect(visitor.Page.Locator("main")).ToBeVisibleAsync();
        }

        visitor.ExpectsRefusals = true;
        await visitor.OpenAsync(stage.Others.Publish(stranger, string.Concat(Addresses.Select(a => $"<iframe src='{a}'></iframe>"))));

        var frames = visitor.Page.MainFrame.ChildFrames;
        Assert.Equal(Addresses.Length, frames.Count);
        foreach (var frame in frames)
        {
            Assert.StartsWith("chrome-error:", frame.Url, StringComparison.Ordinal);
            Assert.Equal(0, await frame.Locator("main, form").CountAsync());
        }
    });
}
