namespace AuthFunctions.Tests.Hostile;

/// <summary>Open redirects (CWE-601; RFC 9700 §4.11): whatever names a place to go to names one that only looks like ours.</summary>
internal sealed class RedirectAttack : Attack
{
    private static readonly string[] Names =
        ["return_to", "redirect_uri", "post_logout_redirect_uri", "next", "url", "continue", "returnUrl",
        "target_link_uri", "redirect", "dest", "initiate_login_uri"];

    private static readonly string[] Places =
    [
        // Another host, with and without a scheme (OWASP: unvalidated redirects).
        "https://evil.test", "http://evil.test/", "//evil.test", "///evil.test", "////evil.test/%2e%2e", "/\\evil.test", "\\\\evil.test",
        "\\/evil.test", "https:evil.test",
        "https:/evil.test", "http:///evil.test", "/%09/evil.test", "/\t/evil.test", "\t//evil.test", " //evil.test", "/%2fevil.test",
        "/.evil.test", "//evil%E3%80%82test", "/%5cevil.test",

        // Userinfo that looks like our host (RFC 3986 §7.6).
        "http://app.contoso.localhost:5173@evil.test/", "http://app.contoso.localhost:5173%40evil.test/",
        "http://app.contoso.localhost%3a5173@evil.test",
        "http://evil.test\\@app.contoso.localhost:5173/", "http://evil.test%5c@app.contoso.localhost:5173/", "http://a:b@app.contoso.localhost:5173/",

        // Our host as a prefix, suffix, path, query or fragment of another's.
        "http://app.contoso.localhost:5173.evil.test/", "http://app.contoso.localhost.evil.test:5173/", "http://xapp.contoso.localhost:5173/",
        "http://evil.test/app.contoso.localhost:5173/",
        "http://evil.test?http://app.contoso.localhost:5173/", "http://evil.test#app.contoso.localhost:5173/",
        "http://app.contoso.localhost:51730/", "http://app.contoso.localhost/",
        "https://app.contoso.localhost:5173/", "http://contoso.localhost:5173/", "http://app.fabrikam.localhost:5173/",

        // Letters that fold into ours, and dots that are none (UTS 46; UTR 36).
        "http://app.\uff43ontoso.localhost:5173/", "http://app.cont\u043eso.localhost:5173/", "http://app\u3002contoso\u3002localhost:5173/",
        "http://app.contoso.localhost\u2044evil.test:5173/",
        "http://xn--app-4k1a.contoso.localhost:5173/", "http://app.conto\u00adso.localhost:5173/",

        // Other schemes.
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "data:text/html,<x-hostile>", "vbscript:x", "file:///etc/passwd",
        "blob:http://app.contoso.localhost:5173/x",
        "intent://evil.test#Intent;end", "about:blank", "view-source:http://evil.test", "ftp://app.contoso.localhost:5173/",

        // Dot segments, nulls, line breaks, encoded twice.
        "http://app.contoso.localhost:5173/../..//evil.test", "http://app.contoso.localhost:5173/callback/../x",
        "http://app.contoso.localhost:5173/callback%2f..%2f..",
        "http://app.contoso.localhost:5173/callback%00", "http://app.contoso.localhost:5173%00.evil.test/",
        "http://app.contoso.localhost:5173/%0d%0aLocation:%20http://evil.test",
        "http://app.contoso.localhost:5173/callback?x=http://evil.test", "http://app.contoso.localhost:5173/callback#x",
        "http://app.contoso.localhost:5173//evil.test",
        "http%3a%2f%2fevil.test", "%2f%2fevil.test", "http://[::1]/", "http://2130706433/", "http://127.0.0.1/callback/../../x",
        "http://127.0.0.1:1@evil.test/callback",

        // On with a flow of our own that then leads elsewhere.
        "/handoff?to=evil", "/handoff?to=fabrikam&return_to=http://evil.test", "/handoff?to=fabrikam&nonce_hash=x#//evil.test",
        "/authorize?sealed=//evil.test", "/authorize?sealed=\u00e9",
        "/authorize?sealed=CfDJ8\u4e2d\ud83d\ude00", "/device?user_code=//evil.test", "/device?user_code=\u00e9", "/account//evil.test",
        "/account?next=//evil.test", "/signin?return_to=//evil.test",
        "/end_session?post_logout_redirect_uri=http://evil.test", "/language?return_to=//evil.test",
    ];

    public override void Spoil(Draft draft)
    {
        var place = new Field(draft.Pick(Names), draft.Pick(Places)) { AsIs = draft.Random.Next(8) == 0 };
        if (draft.Random.Next(4) == 0)
        {
            draft.Query.Add(place);
            return;
        }

        // Where the request has a place to go to; else it is given one.
        Replace(draft, place, f => Names.Contains(f.Name, StringComparer.Ordinal));
    }
}

/// <summary>
/// Server-side request forgery (CWE-918; OWASP A10): whatever might be fetched. That nothing but what is configured is fetched is seen to by
/// FetchTests; here that none of it does any other harm.
/// </summary>
internal sealed class FetchAttack : Attack
{
    public static readonly string[] Names =
    [
        "request_uri", "jwks_uri", "sector_identifier_uri", "logo_uri", "policy_uri", "tos_uri", "backchannel_logout_uri",
        "frontchannel_logout_uri", "client_uri", "resource",
        "subject_token", "actor_token", "claims", "registration", "client_metadata_uri", "issuer", "iss", "target_link_uri", "id_token_hint",
        "client_id", "to", "from", "return_to",
    ];

    /// <summary>With the port in place of 0 (OWASP SSRF cheat sheet; RFC 6890).</summary>
    private static readonly string[] Places =
    [
        "http://127.0.0.1:{0}/x", "https://127.0.0.1:{0}/x", "http://localhost:{0}/x", "http://[::1]:{0}/", "http://[::ffff:127.0.0.1]:{0}/",
        "http://2130706433:{0}/", "http://0x7f000001:{0}/",
        "http://0177.0.0.1:{0}/", "http://127.1:{0}/", "http://0:{0}/", "http://localhost.:{0}/", "http://contoso.localhost:{0}/",
        "http://a@127.0.0.1:{0}/", "http://127.0.0.1:{0}#@app.contoso.localhost:5173/",
        "http://169.254.169.254/metadata/identity/oauth2/token", "http://168.63.129.16/", "file:///etc/passwd", "gopher://127.0.0.1:{0}/_x",
        "dict://127.0.0.1:{0}/", "ldap://127.0.0.1:{0}/", "\\\\127.0.0.1@{0}\\x",
        "//127.0.0.1:{0}/x", "{{\"jwks_uri\":\"http://127.0.0.1:{0}/\"}}",
    ];

    public static string Place(Random random, int port) =>
        string.Format(System.Globalization.CultureInfo.InvariantCulture, Places[random.Next(Places.Length)], port);

    public override void Spoil(Draft draft)
    {
        var place = new Field(draft.Pick(Names), Place(draft.Random, 9));
        if (draft.Random.Next(2) == 0)
        {
            draft.Query.Add(place);
        }
        else
        {
            Replace(draft, place, f => Names.Contains(f.Name, StringComparer.Ordinal));
        }
    }
}
