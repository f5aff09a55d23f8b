using System.Buffers.Text;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using AuthFunctions.Sites;

namespace AuthFunctions.Pages;

/// <summary>A file that pages load. Its name holds the hash of its bytes, so that it never changes under its name.</summary>
/// <param name="Name">The name below <c>/assets/</c>.</param>
/// <param name="Bytes">The file.</param>
/// <param name="ContentType">What it is.</param>
public sealed record Asset(string Name, byte[] Bytes, string ContentType)
{
    /// <summary>Its address.</summary>
    public string Path => "/assets/" + Name;
}

/// <summary>What the pages of one site load, and all that they load: one style sheet with the site's theme, one script, one picture.</summary>
public sealed record PageAssets(Asset Style, Asset Script, Asset Logo)
{
    /// <summary>The file of that name, or null.</summary>
    public Asset? Find(string name) => ((Asset[])[Style, Script, Logo]).FirstOrDefault(a => a.Name == name);
}

/// <summary>The assets of all sites, made once: from what is embedded in the assembly, and each site's theme.</summary>
public sealed class AssetDirectory(SiteDirectory sites)
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private readonly Dictionary<string, PageAssets> bySite = sites.All.ToDictionary(s => s.Name, Of, StringComparer.Ordinal);

    /// <summary>What the site's pages load.</summary>
    public PageAssets Of(string siteName) => bySite[siteName];

    private static PageAssets Of(Site site) => new(
        Make("site", "css", Embedded("site.css") + StyleOf(site.Theme), "text/css; charset=utf-8"),
        Make("site", "js", Embedded("site.js"), "text/javascript; charset=utf-8"),
        site.Theme.Logo is { } logo
            ? Make("logo", logo.Extension, logo.Bytes, logo.MediaType)
            : Make("logo", "svg", InitialOf(site), "image/svg+xml"));

    /// <summary>What settings decide, as custom properties: parsed colours and a number, never text that somebody wrote.</summary>
    private static string StyleOf(Theme theme) =>
        ":root{" + Colours(theme.Accent) + FormattableString.Invariant($"--radius:{theme.CornerRadius}px")
        + "}@media(prefers-color-scheme:dark){:root{" + Colours(theme.AccentDark) + "}}";

    private static string Colours(Rgb accent) => $"--accent:{accent};--accent-ink:{accent.Ink};";

    /// <summary>The first letter of the site's name, for sites without a logo.</summary>
    private static string InitialOf(Site site)
    {
        var initial = new System.Globalization.StringInfo(site.DisplayName).SubstringByTextElements(0, 1).ToUpperInvariant();
        return new XElement(
            Svg + "svg",
            new XAttribute("viewBox", "0 0 40 40"),
            new XElement(
                Svg + "rect",
                new XAttribute("width", 40),
                new XAttribute("height", 40),
                new XAttribute("rx", 9),
                new XAttribute("fill", site.Theme.Accent)),
            new XElement(
                Svg + "text",
                new XAttribute("x", 20),
                new XAttribute("y", 28),
                new XAttribute("font-family", "system-ui,sans-serif"),
                new XAttribute("font-size", 22),
                new XAttribute("font-weight", 600),
                new XAttribute("text-anchor", "middle"),
                new XAttribute("fill", site.Theme.Accent.Ink),
                initial)).ToString(SaveOptions.DisableFormatting);
    }

    private static Asset Make(string name, string extension, string text, string contentType) =>
        Make(name, extension, Encoding.UTF8.GetBytes(text), contentType);

    private static Asset Make(string name, string extension, byte[] bytes, string contentType) =>
        new($"{name}.{Base64Url.EncodeToString(SHA256.HashData(bytes).AsSpan(0, 12))}.{extension}", bytes, contentType);

    private static string Embedded(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("AuthFunctions.Pages." + name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
