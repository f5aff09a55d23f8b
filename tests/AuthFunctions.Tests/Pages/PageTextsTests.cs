using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using AuthFunctions.Events;
using AuthFunctions.Http;
using AuthFunctions.Pages;
using AuthFunctions.Sessions;
using AuthFunctions.Tests.Rules;

namespace AuthFunctions.Tests.Pages;

/// <summary>Every word of a page is in every language, and none is in a component.</summary>
public partial class PageTextsTests
{
    /// <summary>Codes that only programs meet: no page shows them.</summary>
    private static readonly string[] ForPrograms =
    [
        "access_expired", "internal_error", "invalid_token", "key_not_found", "method_not_allowed", "native_login_off", "not_found", "password_refused",
        "repeated_cookie", "too_large", "unavailable", "unknown_host", "unsupported_media_type", "user_not_found",
    ];

    public static TheoryData<string> Languages => [.. RequestLanguage.Offered];

    private static IReadOnlyList<SourceFile> Components { get; } =
        [.. SourceFile.Under().Where(f => f.Folder == "Pages" && !f.IsCSharp && f.Name is not ("_Imports" or "MailPage"))];

    [Theory]
    [MemberData(nameof(Languages))]
    public void Every_text_exists_in_every_language_with_the_same_places_to_fill_in(string language)
    {
        var (own, first) = (Texts(language), Texts("en"));

        Assert.Equal(first.Keys.Order(StringComparer.Ordinal), own.Keys.Order(StringComparer.Ordinal));
        Assert.All(own, text => Assert.NotEmpty(text.Value.Trim()));
        Assert.All(own.Where(t => t.Key != "Date"), text => Assert.Equal(Places(first[text.Key]), Places(text.Value)));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void No_language_borrows_the_words_of_another(string language)
    {
        var same = Texts(language).Where(t => language != "en" && t.Value == Texts("en")[t.Key]).Select(t => t.Key);

        // Words that two languages share.
        Assert.Empty(same.Except(["DeviceCode_Label", "Account_App", "Title_Error", "Fault"], StringComparer.Ordinal));
    }

    [Fact]
    public void No_component_has_words_of_its_own() => Assert.Empty(Components.SelectMany(Words));

    [Theory]
    [InlineData("<p>Some words</p>", "Some words")]
    [InlineData("<input title=\"A title\">", "A title")]
    [InlineData("<PageLayout Title=\"Sign in\">", "Sign in")]
    [InlineData("<TextField Label=\"@(\"Name\")\" />", "Name")]
    public void A_word_in_a_component_is_found(string markup, string word) =>
        Assert.Contains(Words(new SourceFile("Pages/X.razor", markup)), w => w.Contains(word, StringComparison.Ordinal));

    [Fact]
    public void What_the_components_say_exists_and_nothing_else_does()
    {
        var all = Texts("en").Keys.ToHashSet(StringComparer.Ordinal);
        var code = string.Concat(SourceFile.Under().Select(f => f.Text));

        Assert.Empty(Components.SelectMany(f => Call().Matches(f.Text)).SelectMany(m => Quoted().Matches(m.Value)).Select(m => m.Groups[1].Value)
            .Where(key => key.Contains('_', StringComparison.Ordinal) || char.IsAsciiLetterUpper(key[0])).Except(all, StringComparer.Ordinal));
        Assert.DoesNotContain(
            all, key => !code.Contains($"\"{key}\"", StringComparison.Ordinal) && key.Split('_')[0] is not ("Event" or "Problem" or "Scope"));
    }

    [Fact]
    public void Every_event_and_every_reason_for_an_end_has_a_text_and_no_text_is_of_none() => Assert.Equal(
        [.. Constants(typeof(EventKinds)), .. Constants(typeof(EndReasons)).Select(r => "session_ended_" + r).Order(StringComparer.Ordinal)],
        KeysOf("Event_").OrderBy(k => k.StartsWith("session_ended_", StringComparison.Ordinal)).ThenBy(k => k, StringComparer.Ordinal));

    [Fact]
    public void Every_refusal_that_a_page_may_show_has_a_text_and_no_text_is_of_none()
    {
        var source = string.Concat(SourceFile.Under().Where(f => f.IsCSharp).Select(f => f.Uncommented));
        var codes = Code().Matches(source).Select(m => m.Groups[1].Value).Append("invalid_request").ToHashSet(StringComparer.Ordinal);
        var texts = Text().Matches(source).Select(m => m.Groups[1].Value);

        Assert.Equal(
            codes.Except(ForPrograms, StringComparer.Ordinal).Union(texts, StringComparer.Ordinal).Order(StringComparer.Ordinal),
            KeysOf("Problem_").Order(StringComparer.Ordinal));
        Assert.Empty(ForPrograms.Except(codes, StringComparer.Ordinal));
    }

    /// <summary>Visible words in a component's markup: text, attributes that people read, and parameters that become either.</summary>
    private static IEnumerable<string> Words(SourceFile file)
    {
        var end = file.Text.IndexOf("@code", StringComparison.Ordinal);
        var markup = Comment().Replace(end < 0 ? file.Text : file.Text[..end], "");
        markup = Directive().Replace(markup, "");
        foreach (Match attribute in Spoken().Matches(markup))
        {
            if (char.IsAsciiLetter(attribute.Groups[1].Value.FirstOrDefault()) || attribute.Groups[1].Value.StartsWith("@(\"", StringComparison.Ordinal))
            {
                yield return $"{file.Path}: {attribute.Groups[1].Value}";
            }
        }

        foreach (Match text in BetweenTags().Matches(markup))
        {
            var said = Expression().Replace(text.Groups[1].Value, "").Trim();
            if (said.Any(char.IsLetter) && !said.Split('\n').Any(l => l.Contains(" is { ", StringComparison.Ordinal)))
            {
                yield return $"{file.Path}: {said}";
            }
        }
    }

    private static Dictionary<string, string> Texts(string language) =>
        PageTexts.Resources.GetResourceSet(
                language == "en" ? CultureInfo.InvariantCulture : CultureInfo.GetCultureInfo(language), createIfNotExists: true, tryParents: false)!
            .Cast<System.Collections.DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string)e.Value!, StringComparer.Ordinal);

    private static IEnumerable<string> KeysOf(string prefix) =>
        Texts("en").Keys.Where(k => k.StartsWith(prefix, StringComparison.Ordinal)).Select(k => k[prefix.Length..]);

    private static IEnumerable<string> Constants(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetRawConstantValue()!).Order(StringComparer.Ordinal);

    /// <summary>What is filled in, and how much is emphasised.</summary>
    private static string Places(string text) => string.Join(
        ' ', Place().Matches(text).Select(m => m.Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Append($"{text.Count(c => c == '*')}"));

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Place();

    [GeneratedRegex(@"\b(?:T|Marked)\([^""]*(?:""[^""]*""[^"",)]*)+")]
    private static partial Regex Call();

    [GeneratedRegex("\"([A-Za-z_]+)\"")]
    private static partial Regex Quoted();

    [GeneratedRegex("(?:new|Problem)\\(\\s*\\d{3}, \"([a-z_]+)\"")]
    private static partial Regex Code();

    [GeneratedRegex("(?:Text = new|\",\\s+new)\\(\"([a-z_]+)\"(?=[,)])")]
    private static partial Regex Text();

    [GeneratedRegex("@\\*.*?\\*@|<!--.*?-->", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex("^@(using|inherits).*$|^\\s*(@?(if|foreach|else).*|[{}])\\s*$", RegexOptions.Multiline)]
    private static partial Regex Directive();

    [GeneratedRegex("\\b(?:title|alt|placeholder|aria-label|Title|Label|Hint)=\"((?:@\\(\"[^\"]*\"\\)|@[^\"]*\"[^\"]*\"[^\"]*|[^\"])*)\"")]
    private static partial Regex Spoken();

    [GeneratedRegex(">([^<]+)<", RegexOptions.Singleline)]
    private static partial Regex BetweenTags();

    [GeneratedRegex(@"@[\w.!]*(?:\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))?")]
    private static partial Regex Expression();
}
