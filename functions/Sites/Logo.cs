using System.Xml;
using System.Xml.Linq;

namespace AuthFunctions.Sites;

/// <summary>A site's picture on its pages: an SVG or PNG that the service itself serves, so that no page asks another host.</summary>
/// <param name="Bytes">The file.</param>
/// <param name="MediaType">What it is.</param>
public sealed record Logo(byte[] Bytes, string MediaType)
{
    /// <summary>The most bytes of one.</summary>
    public const int MaxSize = 32 * 1024;

    private const string Svg = "image/svg+xml";
    private const string Png = "image/png";

    /// <summary>The ending of its file name.</summary>
    public string Extension => MediaType == Svg ? "svg" : "png";

    /// <summary>
    /// Reads what the setting has: a data URL in base64, or the path of a file in the app's folder. Null if it is neither, or too large.
    /// </summary>
    public static Logo? Read(string text)
    {
        try
        {
            var bytes = text.StartsWith("data:", StringComparison.Ordinal)
                ? Convert.FromBase64String(text[(text.IndexOf(',', StringComparison.Ordinal) + 1)..])
                : File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, text));
            return bytes.Length > MaxSize ? null
                : bytes is [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ..] ? new(bytes, Png)
                : IsSvg(bytes) ? new(bytes, Svg)
                : null;
        }
        catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private static bool IsSvg(byte[] bytes)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(bytes), new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            return XDocument.Load(reader).Root?.Name == XName.Get("svg", "http://www.w3.org/2000/svg");
        }
        catch (XmlException)
        {
            return false;
        }
    }
}
