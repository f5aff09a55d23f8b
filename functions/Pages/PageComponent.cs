using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using AuthFunctions.Http;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthFunctions.Pages;

/// <summary>What all components share: the page that they are part of, and its texts.</summary>
public abstract partial class PageComponent : ComponentBase
{
    /// <summary>The page.</summary>
    [CascadingParameter]
    public PageView View { get; set; } = null!;

    /// <summary>A text, filled in.</summary>
    protected string T(string key, params object?[] arguments) => View.Texts.Of(key, arguments);

    /// <summary>A text with its <c>*…*</c> emphasised. Text and arguments are encoded; the tags alone are markup.</summary>
    protected MarkupString Marked(string key, params string[] arguments)
    {
        var encoder = HtmlEncoder.Default;
        var places = arguments.Select((_, i) => $"{{{i}}}");
        var format = Emphasis().Replace(encoder.Encode(View.Texts.Of(key, [.. places])), "<strong>$1</strong>");
        return new(string.Format(CultureInfo.InvariantCulture, format, [.. arguments.Select(encoder.Encode)]));
    }

    /// <summary>The address of another page, which keeps to the language that this one was asked for.</summary>
    protected string Link(string path) =>
        View.AskedLanguage is { } language ? QueryHelpers.AddQueryString(path, RequestLanguage.Parameter, language) : path;

    /// <summary>What is said of a refusal: by its own text, or by its code.</summary>
    protected string Told(Problem problem) => problem.Text is { } text
        ? T("Problem_" + text.Key, text.Arguments)
        : View.Texts.Find("Problem_" + problem.Code) ?? T("Problem_invalid_request");

    [GeneratedRegex(@"\*(.+?)\*")]
    private static partial Regex Emphasis();
}
