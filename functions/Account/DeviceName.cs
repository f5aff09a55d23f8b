namespace AuthFunctions.Account;

/// <summary>What a person calls the browser and system that a <c>User-Agent</c> names. Advisory: browsers say what they like.</summary>
/// <param name="Browser">The browser, or null.</param>
/// <param name="System">The system, or null.</param>
public sealed record DeviceName(string? Browser, string? System)
{
    // The more particular before what it also claims to be: Edge says Chrome, Chrome says Safari.
    private static readonly (string Token, string Name)[] Browsers =
    [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ];

    private static readonly (string Token, string Name)[] Systems =
    [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];

    /// <summary>The names.</summary>
    public static DeviceName Of(string? userAgent) => new(Find(Browsers, userAgent), Find(Systems, userAgent));

    private static string? Find((string Token, string Name)[] known, string? userAgent) =>
        known.FirstOrDefault(k => userAgent?.Contains(k.Token, StringComparison.Ordinal) == true).Name;
}
