namespace AuthFunctions.Tests.Pages;

/// <summary>The Content-Security-Policy of every page, up to what its forms may lead to besides the page's own origin.</summary>
internal static class PagePolicy
{
    public const string Start =
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
        + "require-trusted-types-for 'script'; trusted-types 'none'; form-action 'self'";
}
