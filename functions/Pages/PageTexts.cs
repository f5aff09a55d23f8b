using System.Globalization;
using System.Resources;

namespace AuthFunctions.Pages;

/// <summary>What the pages say in one language (PageTexts.resx, PageTexts.de.resx …).</summary>
public sealed class PageTexts(string language)
{
    /// <summary>The texts. <c>{0}</c> is filled in; <c>*…*</c> is emphasised where a component shows it so.</summary>
    public static readonly ResourceManager Resources = new("AuthFunctions.Pages.PageTexts", typeof(PageTexts).Assembly);

    private readonly CultureInfo culture = CultureInfo.GetCultureInfo(language);

    /// <summary>The language, as <c>lang</c> and <c>Content-Language</c> name it.</summary>
    public string Language => language;

    /// <summary>The direction that it is written in.</summary>
    public string Direction => culture.TextInfo.IsRightToLeft ? "rtl" : "ltr";

    /// <summary>A text, filled in.</summary>
    public string Of(string key, params object?[] arguments) =>
        Find(key, arguments) ?? throw new MissingManifestResourceException($"There is no text {key}.");

    /// <summary>A text, filled in; null if there is none of that key.</summary>
    public string? Find(string key, params object?[] arguments) =>
        Resources.GetString(key, culture) is { } text ? string.Format(culture, text, arguments) : null;

    /// <summary>A moment in UTC. Its pattern is ours and not the platform's, whose data differ from one image to the next.</summary>
    public string Of(DateTimeOffset moment) => moment.UtcDateTime.ToString(Of("Date"), culture) + " (UTC)";

    /// <summary>What a language calls itself.</summary>
    public static string NameOf(string language)
    {
        var culture = CultureInfo.GetCultureInfo(language);
        return culture.TextInfo.ToTitleCase(culture.NativeName);
    }
}
