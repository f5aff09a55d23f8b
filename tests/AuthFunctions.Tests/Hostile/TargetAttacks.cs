namespace AuthFunctions.Tests.Hostile;

/// <summary>Paths that another server, or another layer, reads differently (CWE-22, CWE-41, CWE-436; RFC 3986 §6.2).</summary>
internal sealed class PathAttack : Attack
{
    private static readonly Func<string, string>[] Changes =
    [
        p => p + "/", p => p + "//", p => "/" + p, p => p.ToUpperInvariant(), p => p + "%00", p => p + "%20", p => p + ".", p => p + ";x=y",
        p => p + ".json", p => p + "%2f", p => p + "%5c",
        p => "/." + p, p => "/x/.." + p, p => "/%2e%2e" + p, p => "/x/%2e%2e" + p, p => "/x%2f.." + p, p => "/..%2f..%2f" + p, p => "/..;" + p,
        p => p + "/..", p => p + "/.%2e/manage/users",

        // Overlong UTF-8 of dot and slash (CVE-2000-0884), encoded twice (CVE-2001-0333), of no UTF-8 at all.
        p => p + "/%c0%ae%c0%ae/", p => p + "%c0%af", p => p + "%252f..%252f", p => p + "/%ff", p => p + "/%", p => p + "/%zz",

        // Names that mean something to Windows, to the Functions host, to other servers.
        p => "/admin/host/status" + p, p => "/runtime/webhooks" + p, p => "/CON" + p, p => p + "::$DATA", p => p + "~1", p => "/.git/config",
        p => "/.env", p => "/api" + p,
        p => p.Replace('/', '\\'), p => p.Insert(p.Length / 2, "%00"), p => p.Insert(p.Length / 2, "\u00e9"),
        p => string.Concat(p.Select(c => c == '/' ? "/" : $"%{(int)c:x2}")),
        p => p + "/" + new string('p', 3000), p => p + "/" + new string('p', 9000), p => p + string.Concat(Enumerable.Repeat("/a", 1500)),
    ];

    public override void Spoil(Draft draft) => draft.Path = draft.Pick(Changes)(draft.Path);
}

/// <summary>Methods that are not the route's, or nobody's (RFC 9110 §9; CVE-2003-1567: TRACK tells cookies).</summary>
internal sealed class MethodAttack : Attack
{
    private static readonly string[] Methods =
    [
        "PUT", "PATCH", "HEAD", "OPTIONS", "TRACE", "TRACK", "DELETE", "POST", "GET", "CONNECT", "get", "Post", "PROPFIND", "SEARCH", "DEBUG", "X",
        "QUERY", "__proto__", "GET1", "\"GET\"", "G\u00c9T", new('M', 3000),
    ];

    public override void Spoil(Draft draft)
    {
        draft.Method = draft.Pick(Methods);
        if (draft.Method is "TRACE" or "TRACK")
        {
            draft.Headers.Add((ReplyCheck.Mark, "1"));
        }
    }
}

/// <summary>
/// Other hosts, and other spellings of ours (RFC 9110 §7.2, RFC 9112 §3.2.2: an absolute target and a Host header that differ; CWE-644).
/// </summary>
internal sealed class HostAttack : Attack
{
    private static readonly string[] Hosts =
    [
        "evil.test", "auth.contoso.localhost", "auth.contoso.localhost:80", "auth.contoso.localhost:99999", "auth.contoso.localhost:07071",
        "auth.contoso.localhost.:7071", "auth.contoso.localhost:7071.",
        "AUTH.contoso.localhost:7071", "auth.fabrikam.localhost:7071", "xauth.contoso.localhost:7071", "auth.contoso.localhost:7071.evil.test",
        "auth.contoso.localhost:7071@evil.test",
        "evil.test@auth.contoso.localhost:7071", "evil.test/auth.contoso.localhost:7071", "auth.contoso.localhost:7071,evil.test",
        "auth.contoso.localhost:7071 evil.test", "evil.test#", "xn--10", "xn--a", "[::1]",
        "[::1]:7071", "[::1", "127.0.0.1:7071", "localhost:7071", "", "a b", ":", ":7071", "\u00e9.test", "auth.\uff43ontoso.localhost:7071",
        "%61uth.contoso.localhost:7071", "auth.contoso.localhost\t:7071",
        "auth_contoso_localhost:7071", "*", new('h', 300), string.Concat(Enumerable.Repeat("a.", 120)) + "test",
    ];

    public override void Spoil(Draft draft)
    {
        switch (draft.Random.Next(4))
        {
            case 0:
                var authority = draft.Pick(["evil.test", draft.Host, "evil.test:7071", "auth.contoso.localhost", "a@" + draft.Host]);
                draft.Target = $"http://{authority}{draft.Path}";
                draft.Host = draft.Random.Next(2) == 0 ? draft.Host : "evil.test";
                break;

            case 1:
                draft.Headers.Add(("Host", draft.Pick(Hosts)));
                break;

            default:
                draft.Host = draft.Pick(Hosts);
                break;
        }
    }
}
