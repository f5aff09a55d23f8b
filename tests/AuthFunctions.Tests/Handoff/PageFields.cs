using System.Net;
using System.Text.RegularExpressions;

namespace AuthFunctions.Tests.Handoff;

/// <summary>The hidden fields of a page's form, to be sent otherwise than the page would.</summary>
internal static class PageFields
{
    public static Dictionary<string, string> Of(string page) =>
        Regex.Matches(page, "<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")
            .ToDictionary(m => m.Groups[1].Value, m => WebUtility.HtmlDecode(m.Groups[2].Value), StringComparer.Ordinal);

    public static HttpRequestMessage Post(string url, IEnumerable<KeyValuePair<string, string>> fields, string? origin)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new FormUrlEncodedContent(fields) };
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        return request;
    }
}
