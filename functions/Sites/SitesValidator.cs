using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AuthFunctions.Sites;

/// <summary>Reports every fault of the <c>Sites</c> section at once; the host then refuses to start.</summary>
public sealed class SitesValidator(IHostEnvironment environment) : IValidateOptions<SitesOptions>
{
    private static readonly TimeSpan ShortestLife = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(365);

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, SitesOptions options)
    {
        var faults = options.Count == 0 ? ["Sites: at least one site is needed."] : options.SelectMany(s => Faults(s.Key, s.Value, options)).ToList();
        faults.AddRange(options.GroupBy(s => s.Value.Issuer, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1)
            .Select(g => $"Sites: {string.Join(" and ", g.Select(s => s.Key))} have the same Issuer '{g.Key}'."));
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private IEnumerable<string> Faults(string name, SiteOptions site, SitesOptions all)
    {
        var at = $"Sites:{name}";
        if (name.Length > 32 || !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c)))
        {
            yield return $"{at}: a name is 1 to 32 lower-case letters and digits, because URLs and rows carry it.";
        }

        if (OriginFault(site.Issuer) is { } issuerFault)
        {
            yield return $"{at}:Issuer {issuerFault}";
        }

        foreach (var origin in site.AppOrigins)
        {
            if (OriginFault(origin) is { } originFault)
            {
                yield return $"{at}:AppOrigins {originFault}";
            }
        }

        if (site.AppOrigins.Count == 0 && site.ReturnUrls.Count == 0)
        {
            yield return $"{at}: AppOrigins or ReturnUrls must name a place to return to.";
        }

        foreach (var url in site.ReturnUrls)
        {
            if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Query.Length + parsed.Fragment.Length > 0
                || SchemeFault(parsed) is not null)
            {
                yield return $"{at}:ReturnUrls must be absolute https URLs without query and fragment, but one is '{url}'.";
            }
        }

        foreach (var other in site.HandsOffTo.Concat(site.AcceptsFrom).Where(other => !all.ContainsKey(other) || other == name))
        {
            yield return $"{at}: HandsOffTo and AcceptsFrom name other sites, but '{other}' is none.";
        }

        if (site.CookieDomain is { } domain && Uri.TryCreate(site.Issuer, UriKind.Absolute, out var issuer)
            && (!issuer.Host.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase) || !domain.Contains('.', StringComparison.Ordinal)))
        {
            yield return $"{at}:CookieDomain must be a parent domain of the auth host, but is '{domain}'.";
        }

        if (site.Resource is { } resource && (resource == site.Issuer || !Uri.IsWellFormedUriString(resource, UriKind.Absolute)))
        {
            yield return $"{at}:Resource must be an absolute URI other than the issuer, but is '{resource}'.";
        }

        foreach (var fault in ThemeFaults(site))
        {
            yield return $"{at}:{fault}";
        }

        foreach (var (life, which) in new[]
            { (site.IdleLifetime, nameof(site.IdleLifetime)), (site.AbsoluteLifetime, nameof(site.AbsoluteLifetime)) })
        {
            if (life < ShortestLife || life > LongestLife)
            {
                yield return $"{at}:{which} must be 1 hour to 365 days, but is {life}.";
            }
        }
    }

    private static IEnumerable<string> ThemeFaults(SiteOptions site)
    {
        foreach (var (which, text, page, name) in new[]
        {
            (nameof(site.AccentColor), site.AccentColor, Rgb.LightPage, "light"),
            (nameof(site.AccentColorDark), site.AccentColorDark, Rgb.DarkCard, "dark"),
        })
        {
            if (text is not null && Rgb.Parse(text) is null)
            {
                yield return $"{which} must be a colour such as #0b5cad, but is '{text}'.";
            }
            else if (Rgb.Parse(text) is { } parsed && parsed.ContrastTo(page) is var contrast && contrast < Rgb.Readable)
            {
                yield return $"{which} {text} cannot be read on a {name} page: its contrast is "
                    + FormattableString.Invariant($"{contrast:0.00} to 1, and must be {Rgb.Readable} (WCAG 2.2 §1.4.3).");
            }
        }

        if (site.CornerRadius is < 0 or > 24)
        {
            yield return $"{nameof(site.CornerRadius)} must be 0 to 24 pixels, but is {site.CornerRadius}.";
        }

        if (site.Logo is { } logo && Logo.Read(logo) is null)
        {
            yield return $"{nameof(site.Logo)} must be an SVG or PNG of at most {Logo.MaxSize} bytes: "
                + "a data URL in base64, or a file in the app's folder.";
        }
    }

    private string? OriginFault(string text) =>
        !Uri.TryCreate(text, UriKind.Absolute, out var url) || url.GetLeftPart(UriPartial.Authority) != text
            ? $"must be an origin such as https://auth.contoso.com, without a path, but is '{text}'."
            : SchemeFault(url);

    /// <summary>Outside Development a localhost site is a laptop's setting that slipped through, and plain http gives every cookie away.</summary>
    private string? SchemeFault(Uri url) => url switch
    {
        { Scheme: "https" } when environment.IsDevelopment() || !IsLocal(url) => null,
        { Scheme: "http" } when environment.IsDevelopment() => null,
        _ when IsLocal(url) => $"must not be localhost outside Development, but is '{url.OriginalString}'.",
        _ => $"must be https outside Development, but is '{url.OriginalString}'.",
    };

    private static bool IsLocal(Uri url) => url.IsLoopback || url.Host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
}
