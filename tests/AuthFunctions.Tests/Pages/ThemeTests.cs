using System.Text;
using AuthFunctions.Sites;
using Microsoft.Extensions.Hosting.Internal;

namespace AuthFunctions.Tests.Pages;

/// <summary>A theme that nobody could read, or that is no theme, keeps the service from starting.</summary>
public class ThemeTests
{
    private const string Svg = """<svg xmlns="http://www.w3.org/2000/svg"/>""";

    public static TheoryData<string?> BadLogos =>
    [
        "data:image/svg+xml;base64,!!!",
        Data("<html/>"),
        Data("""<!DOCTYPE svg [<!ENTITY e SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg">&e;</svg>"""),
        Data(Svg.Replace("/>", ">" + new string(' ', 33000) + "</svg>", StringComparison.Ordinal)),
        "nowhere.svg",
        "",
    ];

    [Fact]
    public void The_default_theme_and_a_readable_one_are_accepted()
    {
        Assert.Empty(Faults(_ => { }));
        Assert.Empty(Faults(site => (site.AccentColor, site.AccentColorDark, site.CornerRadius, site.Logo) = ("#7a1fa2", "#d7a6f0", 0, Data(Svg))));
        Assert.Empty(Faults(site => site.Logo = "data:image/png;base64," + Convert.ToBase64String([0x89, .. "PNG\r\n\u001a\n"u8, 0])));
    }

    [Theory]
    [InlineData("red")]
    [InlineData("#fff")]
    [InlineData("#0b5cad;}")]
    [InlineData("#0b5ca ")]
    [InlineData("")]
    public void What_is_no_colour_is_refused(string colour) => Assert.Equal(
        $"Sites:contoso:AccentColor must be a colour such as #0b5cad, but is '{colour}'.", Assert.Single(Faults(site => site.AccentColor = colour)));

    [Fact]
    public void A_colour_that_cannot_be_read_is_refused_with_its_contrast()
    {
        Assert.Equal(
            "Sites:contoso:AccentColor #ff9900 cannot be read on a light page: its contrast is 1.96 to 1, and must be 4.5 (WCAG 2.2 §1.4.3).",
            Assert.Single(Faults(site => site.AccentColor = "#ff9900")));
        Assert.StartsWith(
            "Sites:contoso:AccentColorDark #0b5cad cannot be read on a dark page: its contrast is ",
            Assert.Single(Faults(site => site.AccentColorDark = "#0b5cad")),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(25)]
    public void A_radius_beyond_the_limits_is_refused(int radius) => Assert.Equal(
        $"Sites:contoso:CornerRadius must be 0 to 24 pixels, but is {radius}.", Assert.Single(Faults(site => site.CornerRadius = radius)));

    [Theory]
    [MemberData(nameof(BadLogos))]
    public void What_is_no_small_picture_is_refused(string? logo) =>
        Assert.StartsWith("Sites:contoso:Logo must be an SVG or PNG", Assert.Single(Faults(site => site.Logo = logo)), StringComparison.Ordinal);

    [Theory]
    [InlineData("#000000")]
    [InlineData("#0b5cad")]
    [InlineData("#7a1fa2")]
    [InlineData("#5a0000")]
    public void A_colour_can_be_read_on_dark_pages_too_and_so_can_what_is_written_on_it(string colour)
    {
        var dark = Rgb.Parse(colour)!.Value.ForDark();

        Assert.True(dark.ContrastTo(Rgb.DarkCard) >= Rgb.Readable);
        Assert.True(dark.Ink.ContrastTo(dark) >= Rgb.Readable);
    }

    [Fact]
    public void Contrast_is_as_WCAG_defines_it()
    {
        Assert.Equal(21, Rgb.White.ContrastTo(Rgb.Black), 3);
        Assert.Equal(4.48, Rgb.Parse("#777777")!.Value.ContrastTo(Rgb.White), 2);
    }

    private static string Data(string svg) => "data:image/svg+xml;base64," + Convert.ToBase64String(Encoding.UTF8.GetBytes(svg));

    private static IEnumerable<string> Faults(Action<SiteOptions> spoil)
    {
        var site = new SiteOptions { Issuer = "https://auth.contoso.com", AppOrigins = ["https://app.contoso.com"] };
        spoil(site);
        return new SitesValidator(new HostingEnvironment { EnvironmentName = "Production" }).Validate(null, new() { ["contoso"] = site }).Failures ?? [];
    }
}
