using System.Text;
using System.Text.RegularExpressions;
using AuthFunctions.Pages;
using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Pages;

/// <summary>What holds of every page, in every language, as browsers and readers of screens need it.</summary>
public partial class EveryPageTests(Handoff.HandoffService shared) : IClassFixture<Handoff.HandoffService>
{
    private readonly TestService service = shared.Service;

    public static TheoryData<string> Languages => PageTextsTests.Languages;

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task Every_page_speaks_the_language_is_small_and_loads_only_its_own(string language)
    {
        foreach (var page in await PageWalk.AllAsync(service, language))
        {
            Assert.True(page.Language == language, page.Name);
            Assert.True(page.Html.Contains($"<html lang=\"{language}\" dir=\"ltr\">", StringComparison.Ordinal), page.Name);
            Assert.Contains("Accept-Language, Cookie", page.Vary, StringComparison.Ordinal);
            Assert.StartsWith(PagePolicy.Start, page.Policy, StringComparison.Ordinal);
            Assert.True(Encoding.UTF8.GetByteCount(page.Html) < 15 * 1024, $"{page.Name}: {Encoding.UTF8.GetByteCount(page.Html)} bytes");
            Assert.Matches("^/assets/site\\.[A-Za-z0-9_-]{16}\\.css$", Assert.Single(Attributes(page.Html, "<link rel=\"stylesheet\" href")));
            Assert.Matches("^/assets/site\\.[A-Za-z0-9_-]{16}\\.js$", Assert.Single(Attributes(page.Html, "<script src")));
            Assert.True(!Inline().IsMatch(page.Html), $"{page.Name}: {Inline().Match(page.Html)}");
            Assert.All(Attributes(page.Html, " src"), src => Assert.StartsWith("/assets/", src, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ja")]
    public async Task Every_page_has_one_heading_one_main_a_title_and_a_label_for_each_field(string language)
    {
        foreach (var page in await PageWalk.AllAsync(service, language))
        {
            var heading = Assert.Single(page.Html.Of("h1"));
            Assert.Single(page.Html.Of("main"));
            var title = Assert.Single(page.Html.Of("title"));
            Assert.Contains(heading, title, StringComparison.Ordinal);
            Assert.Contains("Contoso", title.Replace("Fabrikam", "Contoso", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.Equal(page.Status >= 400, title != new string(title).Replace(new PageTexts(language).Of("Title_Error", ""), "", StringComparison.Ordinal));

            var ids = Id().Matches(page.Html).Select(m => m.Groups[1].Value).ToList();
            Assert.Equal(ids.Distinct(StringComparer.Ordinal), ids);
            foreach (Match field in Field().Matches(page.Html))
            {
                var id = Id().Match(field.Value).Groups[1].Value;
                Assert.True(page.Html.Contains($"<label for=\"{id}\">", StringComparison.Ordinal), $"{page.Name}: {field.Value}");
                Assert.Contains("autocomplete=\"", field.Value, StringComparison.Ordinal);
            }

            foreach (var reference in Attributes(page.Html, " aria-describedby").Concat(Attributes(page.Html, " aria-labelledby")).SelectMany(v => v.Split(' '))
                .Concat(Attributes(page.Html, "<a href").Where(h => h.StartsWith('#')).Select(h => h[1..])))
            {
                Assert.Contains(reference, ids);
            }
        }
    }

    [Theory]
    [InlineData("/signin", "email", "wrong", 400, "email", "Enter an e-mail address, such as name@example.com.")]
    [InlineData("/signup", "password", "short", 400, "password", "The password must have 15 to 256 characters, but has 5.")]
    [InlineData("/signup", "email", "nobody", 400, "email", "Enter an e-mail address, such as name@example.com.")]
    [InlineData("/forgot", "email", "nobody", 400, "email", "Enter an e-mail address, such as name@example.com.")]
    public async Task A_fault_is_told_at_the_top_and_at_its_field(string path, string name, string value, int status, string id, string text)
    {
        using var browser = service.NewBrowser();
        using var form = await browser.GetAsync(Contoso + path);
        var fresh = await form.Content.ReadAsStringAsync();
        Assert.DoesNotContain("aria-invalid", fresh, StringComparison.Ordinal);

        using var refused = await browser.SubmitAsync(
            Contoso + path, fresh, [.. new[] { ("email", NewEmail()), ("password", Password) }.Where(f => f.Item1 != name), (name, value)]);
        var html = await refused.Content.ReadAsStringAsync();

        Assert.Equal(status, (int)refused.StatusCode);
        Assert.Contains("id=\"error\" role=\"alert\" tabindex=\"-1\" autofocus", html, StringComparison.Ordinal);
        Assert.Contains($"<a href=\"#{id}\">{text}</a>", html, StringComparison.Ordinal);
        Assert.Contains($"<p class=\"fault\" id=\"{id}-fault\">", html, StringComparison.Ordinal);
        var field = Field().Matches(html).Single(m => m.Value.Contains($" id=\"{id}\"", StringComparison.Ordinal)).Value;
        Assert.Contains("aria-invalid=\"true\"", field, StringComparison.Ordinal);
        Assert.Matches($"aria-describedby=\"[^\"]*{id}-fault\"", field);
        Assert.StartsWith("Error: ", html.Of("title").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_credentials_are_told_of_both_fields_and_the_password_is_not_given_back()
    {
        using var browser = service.NewBrowser();
        using var form = await browser.GetAsync(Contoso + "/signin");
        using var wrong = await browser.SubmitAsync(
            Contoso + "/signin", await form.Content.ReadAsStringAsync(), ("email", "ada@people.test"), ("password", "not this one"));
        var html = await wrong.Content.ReadAsStringAsync();

        Assert.Equal(401, (int)wrong.StatusCode);
        Assert.Equal(2, Regex.Count(html, "aria-invalid=\"true\" aria-describedby=\"error\""));
        Assert.Contains("value=\"ada@people.test\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("not this one", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_and_addresses_that_look_like_markup_are_text()
    {
        const string Evil = "\"><script>alert(1)</script>*{0}*";
        await using var hostile = await StartAsync(new() { ["Sites:contoso:DisplayName"] = Evil });
        using var person = hostile.NewBrowser();
        using var registered = await person.PostAsync(
            Contoso + "/register", new { email = NewEmail(), password = Password, name = Evil });
        Assert.Equal(201, (int)registered.StatusCode);

        foreach (var path in new[] { "/account", "/end_session", "/signin?login_hint=" + Uri.EscapeDataString(Evil), "/device?user_code=" + Uri.EscapeDataString(Evil) })
        {
            using var response = await person.GetAsync(Contoso + path);
            var html = await response.Content.ReadAsStringAsync();
            Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
            Assert.DoesNotContain("<script>", html, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);
        }
    }

    private static IEnumerable<string> Attributes(string html, string name) =>
        Regex.Matches(html, Regex.Escape(name) + "=\"([^\"]*)\"").Select(m => m.Groups[1].Value);

    [GeneratedRegex(" style=| on[a-z]+=|<style|javascript:|<script(?! src=\"/assets/[^\"]+\" defer></script>)", RegexOptions.IgnoreCase)]
    private static partial Regex Inline();

    [GeneratedRegex(" id=\"([^\"]+)\"")]
    private static partial Regex Id();

    [GeneratedRegex("<(?:input|select)(?![^>]*(?:type=\"hidden\"| hidden))[^>]*>", RegexOptions.Singleline)]
    private static partial Regex Field();
}
