using System.Text.RegularExpressions;
using AuthFunctions.Sites;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace AuthFunctions.Tests.Properties;

/// <summary>Where a browser may be sent back to, against whatever only looks like it.</summary>
public partial class ReturnUrlTests
{
    private static readonly Site Site = new SiteDirectory(
        Options.Create(new SitesOptions
        {
            ["contoso"] = new SiteOptions
            {
                Issuer = "https://auth.contoso.test",
                ReturnUrls = ["https://app.contoso.test/", "https://app.contoso.test:8443/in/", "https://www.contoso.test/exact"],
            },
        }),
        new ConfigurationBuilder().Build()).All.Single();

    private static readonly Gen<string> LookAlike =
        from scheme in Gen.Elements("https://", "https:", "https:/", "https:\\\\", "https:///", "http://", "HTTPS://", "//", "javascript:", " https://", "ht\ttps://", "https://%00")
        from user in Gen.Elements("", "", "", "x@", "app.contoso.test@", "app.contoso.test:443@", "app.contoso.test%2f@", "app.contoso.test\\@")
        from host in Gen.Elements(
            "app.contoso.test", "app.contoso.test", "www.contoso.test", "APP.contoso.TEST", "app.contoso.test.evil.test", "app.contoso.testevil.test", "xapp.contoso.test",
            "evil.test", "app.contoso.test.", "app.cont\u043Eso.test", "app.\uFF43ontoso.test", "app\u3002contoso.test", "app.contoso.test\u2044evil.test", "app.contoso.test%2eevil.test",
            "app.contoso.test%00.evil.test", "app.contoso.test#@evil.test", "app.contoso.test?@evil.test", "app.contoso.test\\.evil.test", "app.conto\u00ADso.test", "[::1]", "")
        from port in Gen.Elements("", "", ":443", ":8443", ":0443", ":80", ":8443@evil.test", ":")
        from path in Gen.Elements(
            "/", "", "/in/", "/in/x?y=https://evil.test/#z", "/in", "/inside/", "/in/..", "/in/../out", "/in/%2e%2e/out", "/in/.%2E/out", "/in/..%2fout", "/in\\..\\out", "/exact", "/exact/",
            "/exact/..", "/exact%2f", "/EXACT", "//evil.test", "/\\evil.test", "/\r\nLocation: x", "/é", "/%ff", "?x", "#x", "/exact?x#y", "/ x ", "/\u2028")
        select scheme + user + host + port + path;

    [Fact]
    public void What_is_allowed_lies_under_a_registered_address_however_it_is_written() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(5000),
        Prop.ForAll(
            Gen.Frequency<string>((4, LookAlike), (1, Garbage.Bytes.Select(System.Text.Encoding.UTF8.GetString))).ToArbitrary(),
            url => Site.ReturnUrl(url) is not { } allowed
                || (Registered().IsMatch(allowed) && !DotSegment().IsMatch(allowed) && allowed.All(c => c is > ' ' and < '\x7F' and not '\\'))));

    [Fact]
    public void Everything_under_a_registered_address_is_allowed() => Check.QuickThrowOnFailure(Prop.ForAll(
        (from start in Gen.Elements("https://app.contoso.test/", "https://app.contoso.test:8443/in/", "https://www.contoso.test/exact?", "https://www.contoso.test/exact#")
         from rest in Gen.Elements([.. "abcXYZ019-_~/=&"]).ListOf().Select(c => string.Concat(c))
         select start + rest).ToArbitrary(),
        url => Site.ReturnUrl(url) == url));

    [Theory]
    [InlineData("https://app.\uFF43ontoso.test/x", "https://app.contoso.test/x")]
    [InlineData("https://APP.contoso.test:443/x", "https://app.contoso.test/x")]
    [InlineData("https://app.contoso.test/\u00E9", "https://app.contoso.test/%C3%A9")]
    public void What_is_sent_is_the_form_that_was_compared_in_ASCII(string url, string allowed) => Assert.Equal(allowed, Site.ReturnUrl(url));

    [GeneratedRegex(@"\Ahttps://(app\.contoso\.test/|app\.contoso\.test:8443/in/|www\.contoso\.test/exact(?=[?#]|\z))")]
    private static partial Regex Registered();

    [GeneratedRegex(@"\A[^?#]*/(\.|%2e){1,2}(/|\?|#|\z)", RegexOptions.IgnoreCase)]
    private static partial Regex DotSegment();
}
