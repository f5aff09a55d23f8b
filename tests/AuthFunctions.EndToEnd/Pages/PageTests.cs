using System.Globalization;
using AuthFunctions.EndToEnd.Fixtures;

namespace AuthFunctions.EndToEnd.Pages;

[Collection(OnStage.Name)]
public class PageTests(Stage stage)
{
    private const int LargestHtml = 15 * 1024;

    /// <summary>Where pictures of all pages go, if anywhere: <c>scripts/screenshots</c> sets it.</summary>
    private static readonly string? Pictures = Environment.GetEnvironmentVariable("SCREENSHOTS");

    /// <summary>The languages that the pages are looked at in; the demo speaks the first alone.</summary>
    private static readonly string[] Languages = ["en", "de"];

    public static TheoryData<string, string> InEachLanguage
    {
        get
        {
            TheoryData<string, string> pages = [];
            foreach (var (page, language) in PageList.OfService.Keys.SelectMany(page => Languages.Select(language => (page, language)))
                .Concat(PageList.OfDemo.Keys.Select(page => (page, Languages[0]))))
            {
                pages.Add(page, language);
            }

            return pages;
        }
    }

    [Theory]
    [MemberData(nameof(InEachLanguage))]
    public Task A_page_is_light_and_axe_finds_nothing_in_either_scheme_and_it_fits_a_small_screen(string page, string language) =>
        stage.VisitAsync(Manner.Mouse, async visitor =>
        {
            await PageList.OpenAsync(page, stage, visitor);

            Assert.Equal(language, await visitor.Page.Locator("html").GetAttributeAsync("lang"));
            if (PageList.OfService.ContainsKey(page))
            {
                await AssertLightAsync(visitor);
            }

            foreach (var scheme in new List<ColorScheme> { ColorScheme.Light, ColorScheme.Dark })
            {
                await visitor.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
                Assert.Empty(await Axe.ViolationsAsync(visitor.Page));
                await PictureAsync(visitor.Page, $"{page}-{language}-{scheme}", 1280);
                await PictureAsync(visitor.Page, $"{page}-{language}-{scheme}", 320);
                if (page != "outbox")
                {
                    // A developer's page alone may scroll sideways, along the links of the mails.
                    Assert.Equal(320, await visitor.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
                }
            }
        }, language);

    /// <summary>A first view: one small document, at most one style sheet and one script, all of the page's own host.</summary>
    private static async Task AssertLightAsync(Visitor visitor)
    {
        // What scripts fetch is the frontend's, on the way here: these pages may not.
        var view = visitor.Requests.Where(r => r.Frame == visitor.Page.MainFrame && r.ResourceType != "fetch").ToList();
        view = view[view.FindLastIndex(r => r.IsNavigationRequest)..];

        // What the page before still asks for while it is left, its icon say, names that page.
        var host = new Uri(view[0].Url).Host;
        view = [view[0], .. view.Skip(1).Where(r =>
            !Uri.TryCreate(r.Headers.GetValueOrDefault("referer"), UriKind.Absolute, out var referer) || referer.Host == host)];
        var html = await (await view[0].ResponseAsync())!.BodyAsync();
        Assert.InRange(html.Length, 1, LargestHtml);
        Assert.InRange(view.Count(r => r.ResourceType == "stylesheet"), 0, 1);
        Assert.InRange(view.Count(r => r.ResourceType == "script"), 0, 1);
        Assert.All(view, request => Assert.Equal(host, new Uri(request.Url).Host));
    }

    private static async Task PictureAsync(IPage page, string name, int width)
    {
        await page.SetViewportSizeAsync(width, 720);
        if (Pictures is not null)
        {
            await page.ScreenshotAsync(new()
            {
                Path = Path.Combine(Pictures, string.Create(CultureInfo.InvariantCulture, $"{name}-{width}.png")),
                FullPage = true,
            });
        }
    }
}
