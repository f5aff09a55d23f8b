namespace AuthFunctions.Sites;

/// <summary>What a site's pages look like, as validated from <see cref="SiteOptions"/>.</summary>
/// <param name="Accent">Buttons and links where the page is light.</param>
/// <param name="AccentDark">The same where it is dark.</param>
/// <param name="CornerRadius">Of cards, fields and buttons, in pixels.</param>
/// <param name="Logo">The picture, or null for the site's initial.</param>
public sealed record Theme(Rgb Accent, Rgb AccentDark, int CornerRadius, Logo? Logo)
{
    internal static Theme Of(SiteOptions options)
    {
        var accent = Rgb.Parse(options.AccentColor) ?? throw new ArgumentException("The settings were not validated.", nameof(options));
        var logo = options.Logo is null ? null : Logo.Read(options.Logo);
        return new(accent, Rgb.Parse(options.AccentColorDark) ?? accent.ForDark(), options.CornerRadius, logo);
    }
}
