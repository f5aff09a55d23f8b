using AuthFunctions.Tests.Approved;
using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Pages;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Http;

/// <summary>Clickjacking (RFC 9700 §4.16), and what else a page could let in.</summary>
public class FramingTests
{
    [Fact]
    public async Task No_page_lets_itself_be_framed_or_loads_what_is_not_its_own()
    {
        await using var service = await StartAsync();
        using var browser = await service.SignedInAsync();
        using var toConsent = await browser.AuthorizeAsync(Ceremony.AsPartner);
        var pages = new List<string>();

        foreach (var path in Contract.Endpoints.Select(e => e.Endpoint).Where(e => e.StartsWith("GET ", StringComparison.Ordinal)).Select(e => e[4..])
            .Append(Ceremony.Onwards(toConsent, "/consent")).Append(Ceremony.Url(("response_mode", "form_post"))[Contoso.Length..]))
        {
            using var response = await browser.GetAsync(Contoso + path);
            if (response.Content.Headers.ContentType?.MediaType == "text/html")
            {
                pages.Add(path.Split('?')[0] + " " + (int)response.StatusCode);
                Assert.StartsWith(PagePolicy.Start, Assert.Single(response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
                Assert.Equal("DENY", Assert.Single(response.Headers.GetValues("X-Frame-Options")));
            }
        }

        // Pages that ask for a password or a yes, and those that only tell of a fault.
        foreach (var page in new[] { "/signin 200", "/consent 200", "/device 200", "/authorize 200", "/authorize 400", "/end_session 200", "/account 200" })
        {
            Assert.Contains(page, pages);
        }
    }
}
