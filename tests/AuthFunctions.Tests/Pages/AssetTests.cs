using System.Text;
using System.Text.RegularExpressions;
using AuthFunctions.Sites;
using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Pages;

/// <summary>What pages load: one style sheet, one script, one picture, each under the hash of its bytes.</summary>
public partial class AssetTests(Handoff.HandoffService shared) : IClassFixture<Handoff.HandoffService>
{
    private readonly TestService service = shared.Service;

    [Fact]
    public async Task An_asset_is_kept_for_good_and_nothing_else_is_there()
    {
        using var browser = service.NewBrowser();
        var paths = await PathsAsync(browser, Contoso);
        Assert.Equal(3, paths.Count);

        foreach (var (path, type) in paths.Zip(["text/css", "image/svg+xml", "text/javascript"]))
        {
            using var asset = await browser.GetAsync(Contoso + path);

            Assert.Equal((200, type), ((int)asset.StatusCode, asset.Content.Headers.ContentType!.MediaType));
            Assert.Equal("public, max-age=31536000, immutable", Assert.Single(asset.Headers.GetValues("Cache-Control")));
            Assert.Equal("nosniff", Assert.Single(asset.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("default-src 'none'; sandbox", Assert.Single(asset.Headers.GetValues("Content-Security-Policy")));
            Assert.False(asset.Headers.Contains("Set-Cookie"));
            using var unknown = await browser.GetAsync(Contoso + path.Replace('.', 'x'));
            await unknown.RefusedAsync(404, "not_found");
        }

        foreach (var name in new[] { "site.css", "site.AAAAAAAAAAAAAAAA.css", "..%2Fsite.css", "x" })
        {
            using var unknown = await browser.GetAsync($"{Contoso}/assets/{name}");
            Assert.Equal(404, (int)unknown.StatusCode);
            Assert.Equal("no-store", Assert.Single(unknown.Headers.GetValues("Cache-Control")));
        }
    }

    [Fact]
    public async Task The_style_sheet_has_the_colours_that_themes_are_checked_against_and_writes_in_no_direction()
    {
        var css = await ReadAsync(Contoso, ".css");

        Assert.Contains($"--page: {Rgb.LightPage};", css, StringComparison.Ordinal);
        Assert.Contains($"--card: {Rgb.DarkCard};", css, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"(?<![\w-])(margin|padding|border)-(left|right|top|bottom)\b|(?<![\w-])(left|right|width|height)\s*:|text-align:\s*(left|right)", css);
        Assert.DoesNotContain("url(", css, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", css, StringComparison.Ordinal);
        foreach (var feature in new[] { "prefers-color-scheme: dark", "prefers-reduced-motion", "forced-colors", ":focus-visible" })
        {
            Assert.Contains(feature, css, StringComparison.Ordinal);
        }

        foreach (var (ink, ground) in Grounds(css))
        {
            Assert.True(ink.ContrastTo(ground) >= Rgb.Readable, $"{ink} on {ground}");
        }
    }

    [Fact]
    public async Task The_script_is_small_and_makes_no_markup()
    {
        var js = await ReadAsync(Contoso, ".js");

        Assert.True(Encoding.UTF8.GetByteCount(js) < 2048, $"{js.Length}");
        Assert.DoesNotMatch("innerHTML|outerHTML|insertAdjacent|document\\.write|\\beval\\b|Function\\(|fetch|XMLHttp|import|setAttribute\\('on", js);
    }

    [Fact]
    public async Task Each_site_has_its_own_theme_and_a_logo_that_settings_give()
    {
        const string Logo = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><script>alert(1)</script></svg>""";
        await using var themed = await StartAsync(new()
        {
            ["Sites:contoso:AccentColor"] = "#7a1fa2",
            ["Sites:contoso:CornerRadius"] = "3",
            ["Sites:contoso:Logo"] = "data:image/svg+xml;base64," + Convert.ToBase64String(Encoding.UTF8.GetBytes(Logo)),
        });
        using var browser = themed.NewBrowser();
        var contoso = await PathsAsync(browser, Contoso);
        using var style = await browser.GetAsync(Contoso + contoso[0]);
        using var logo = await browser.GetAsync(Contoso + contoso[1]);
        using var elsewhere = await browser.GetAsync(Fabrikam + contoso[0]);
        var css = await style.Content.ReadAsStringAsync();

        Assert.EndsWith(
            ":root{--accent:#7a1fa2;--accent-ink:#ffffff;--radius:3px}@media(prefers-color-scheme:dark){:root{--accent:"
            + new Rgb(0x7a, 0x1f, 0xa2).ForDark() + ";--accent-ink:#000000;}}",
            css,
            StringComparison.Ordinal);
        Assert.Equal(Logo, await logo.Content.ReadAsStringAsync());
        Assert.Equal("default-src 'none'; sandbox", logo.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal(404, (int)elsewhere.StatusCode);
        Assert.NotEqual(contoso[0], (await PathsAsync(browser, Fabrikam))[0]);
    }

    private static IEnumerable<(Rgb Ink, Rgb Ground)> Grounds(string css)
    {
        foreach (Match root in Root().Matches(css))
        {
            var colours = Colour().Matches(root.Value).ToDictionary(m => m.Groups[1].Value, m => Rgb.Parse(m.Groups[2].Value)!.Value, StringComparer.Ordinal);
            foreach (var (ink, ground) in new[] { ("ink", "page"), ("ink", "card"), ("quiet", "page"), ("quiet", "card"), ("bad", "card"), ("bad", "bad-soft"), ("ink", "bad-soft") }
                .Where(p => colours.ContainsKey(p.Item1)))
            {
                yield return (colours[ink], colours[ground]);
            }
        }
    }

    private async Task<string> ReadAsync(string site, string extension)
    {
        using var browser = service.NewBrowser();
        using var asset = await browser.GetAsync(site + (await PathsAsync(browser, site)).Single(p => p.EndsWith(extension, StringComparison.Ordinal)));
        return await asset.Content.ReadAsStringAsync();
    }

    /// <summary>Style sheet, picture and script, in this order.</summary>
    private static async Task<List<string>> PathsAsync(Browser browser, string site)
    {
        using var page = await browser.GetAsync(site + "/signin");
        return [.. Path().Matches(await page.Content.ReadAsStringAsync()).Select(m => m.Value).Distinct(StringComparer.Ordinal)];
    }

    [GeneratedRegex("/assets/[^\"]+")]
    private static partial Regex Path();

    [GeneratedRegex(@":root \{[^}]*\}")]
    private static partial Regex Root();

    [GeneratedRegex(@"--([a-z-]+): (#[0-9a-f]{6});")]
    private static partial Regex Colour();
}
