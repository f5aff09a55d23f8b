using System.Globalization;

namespace AuthFunctions.Sites;

/// <summary>A colour of a theme, as settings and style sheets write it: <c>#rrggbb</c>.</summary>
public readonly record struct Rgb(byte Red, byte Green, byte Blue)
{
    /// <summary>The least contrast of text that can be read (WCAG 2.2 §1.4.3, level AA).</summary>
    public const double Readable = 4.5;

    /// <summary>What a colour is lightened to for dark pages: light on dark glares less, but needs more to look alike.</summary>
    private const double Comfortable = 6;

    /// <summary>The darkest that lies under text where the page is light; the style sheet's <c>--page</c>.</summary>
    public static readonly Rgb LightPage = new(0xf4, 0xf5, 0xf7);

    /// <summary>The lightest that lies under text where the page is dark; the style sheet's <c>--card</c>.</summary>
    public static readonly Rgb DarkCard = new(0x1c, 0x1f, 0x24);

    public static readonly Rgb White = new(255, 255, 255);
    public static readonly Rgb Black = new(0, 0, 0);

    /// <summary>Reads <c>#rrggbb</c>; null if the text is anything else, CSS of its own above all.</summary>
    public static Rgb? Parse(string? text) =>
        text is ['#', _, _, _, _, _, _] && uint.TryParse(text.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? new((byte)(value >> 16), (byte)(value >> 8), (byte)value)
            : null;

    /// <summary>The contrast ratio to another colour, 1 to 21 (WCAG 2.2, definition of contrast ratio).</summary>
    public double ContrastTo(Rgb other)
    {
        var (one, two) = (Luminance, other.Luminance);
        return (Math.Max(one, two) + 0.05) / (Math.Min(one, two) + 0.05);
    }

    /// <summary>Black or white, whichever is read better on this.</summary>
    public Rgb Ink => ContrastTo(White) >= ContrastTo(Black) ? White : Black;

    /// <summary>This colour, mixed with white until it is easily read on a dark page.</summary>
    public Rgb ForDark()
    {
        var (colour, steps) = (this, 0);
        while (colour.ContrastTo(DarkCard) < Comfortable)
        {
            var share = ++steps / 20.0;
            colour = new(Mix(Red, share), Mix(Green, share), Mix(Blue, share));
        }

        return colour;
    }

    public override string ToString() => $"#{Red:x2}{Green:x2}{Blue:x2}";

    private static byte Mix(byte part, double white) => (byte)Math.Round(part + ((255 - part) * white));

    private double Luminance => (0.2126 * Linear(Red)) + (0.7152 * Linear(Green)) + (0.0722 * Linear(Blue));

    private static double Linear(byte part) => part / 255.0 is var s && s <= 0.04045 ? s / 12.92 : Math.Pow((s + 0.055) / 1.055, 2.4);
}
