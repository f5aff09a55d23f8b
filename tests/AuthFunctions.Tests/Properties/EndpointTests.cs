using System.Text;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Rules;
using FsCheck;
using FsCheck.Fluent;

namespace AuthFunctions.Tests.Properties;

/// <summary>Whatever is sent to whichever endpoint: it is answered, never by a 5xx, and nobody is signed in by it.</summary>
public sealed class EndpointTests(ServiceFixture fixture) : IClassFixture<ServiceFixture>
{
    private const string Host = "auth.contoso.localhost:7071";

    /// <summary>Every endpoint there is, by its trigger: one that is added is sent garbage too.</summary>
    public static TheoryData<string, string> Endpoints
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var function in FunctionRule.Functions(typeof(Program).Assembly.GetTypes()).Where(f => FunctionRule.RouteOf(f) is not null))
            {
                foreach (var method in FunctionRule.MethodsOf(function).DefaultIfEmpty("PUT"))
                {
                    data.Add(method.ToUpperInvariant(), FunctionRule.RouteOf(function)!);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public void Any_request_is_answered_and_signs_nobody_in(string method, string route) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(60),
        Prop.ForAll(Requests(method, route).ToArbitrary(), Holds));

    [Fact]
    public void Any_method_on_any_path_is_answered() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(150),
        Prop.ForAll(
            (from method in Gen.Elements("GET", "HEAD", "OPTIONS", "TRACE", "PATCH", "DELETE", "PROPFIND", "get", "X")
             from path in Gen.OneOf(Garbage.Bytes, Gen.Elements("*", "", "//", "/..", "/%2e%2e/login", "http://other.test/login", "/login/", "/LOGIN", "/login%00").Select(Encoding.ASCII.GetBytes))
             select new RawRequest(method, [(byte)'/', .. path], Encoding.ASCII.GetBytes(Host), [], [])).ToArbitrary(),
            Holds));

    [Fact]
    public void Any_host_is_answered_and_only_a_known_one_is_served() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(150),
        Prop.ForAll(
            Gen.OneOf(
                Garbage.Bytes,
                Gen.Elements(
                    "", "AUTH.contoso.localhost:7071", Host + ".", Host + ":80", "auth.contoso.localhost", "auth.contoso.localhost:07071", "xauth.contoso.localhost:7071",
                    "auth.contoso.localhost:7071@evil.test", "evil.test", "[::1]:7071", "127.0.0.1", ":", "auth.fabrikam.localhost:7071:443", "%61uth.contoso.localhost:7071")
                    .Select(Encoding.ASCII.GetBytes)).ToArbitrary(),
            host => Answer(new RawRequest("GET", "/.well-known/jwks.json"u8.ToArray(), host, [], [])) is { } answer
                && (answer.Status is 400 or 421 || (answer.Status == 200 && IsOurs(host)))));

    [Fact]
    public void Any_origin_is_answered_and_none_but_a_known_one_is_allowed_to_read() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(150),
        Prop.ForAll(
            Gen.OneOf(
                Garbage.Bytes,
                Gen.Elements(
                    "null", "*", TestService.ContosoApp + "/", TestService.ContosoApp + ".evil.test", "http://app.contoso.localhost", "https://app.contoso.localhost:5173",
                    TestService.FabrikamApp, "HTTP://APP.CONTOSO.LOCALHOST:5173", TestService.ContosoApp + "," + TestService.ContosoApp, "http://xapp.contoso.localhost:5173",
                    "http://app.contoso.localhost:5173@evil.test", "file://").Select(Encoding.ASCII.GetBytes)).ToArbitrary(),
            origin => Answer(new RawRequest("POST", "/logout"u8.ToArray(), Encoding.ASCII.GetBytes(Host), [("Origin", origin), ("Cookie", "__Host-sid=x"u8.ToArray())], []))
                is { Status: 400 or 401 or 403 } answer && !answer.Head.Contains("Access-Control-Allow-Origin", StringComparison.OrdinalIgnoreCase)));

    [Fact]
    public void A_known_host_and_a_known_origin_are_served()
    {
        Assert.Equal(200, Answer(new RawRequest("GET", "/.well-known/jwks.json"u8.ToArray(), Encoding.ASCII.GetBytes(Host), [], []))!.Status);

        var known = Answer(new RawRequest(
            "POST", "/logout"u8.ToArray(), Encoding.ASCII.GetBytes(Host), [("Origin", Encoding.ASCII.GetBytes(TestService.ContosoApp))], []))!;
        Assert.Contains("Access-Control-Allow-Origin: " + TestService.ContosoApp, known.Head, StringComparison.OrdinalIgnoreCase);
    }

    private static Gen<RawRequest> Requests(string method, string route) =>
        from id in Gen.OneOf(Garbage.Value, Garbage.Bytes)
        from hasQuery in Gen.Elements(true, true, false)
        from query in Garbage.Form
        from cookies in Garbage.Cookies
        from hasCookies in Gen.Elements(true, false)
        from authorization in Gen.OneOf(
            Garbage.Bytes,
            Garbage.Value.Select(v => Join("Bearer ", v)),
            Garbage.Value.Select(v => Join("DPoP ", v)),
            Garbage.Value.Select(v => Join("Basic ", Encoding.ASCII.GetBytes(Convert.ToBase64String(v)))))
        from hasAuthorization in Gen.Elements(true, false, false)
        from origin in Gen.Frequency<byte[]>((3, Gen.Constant(Encoding.ASCII.GetBytes(TestService.ContosoApp))), (2, Gen.Constant("http://auth.contoso.localhost:7071"u8.ToArray())), (1, Garbage.Bytes))
        from contentType in Garbage.ContentType
        from body in Gen.OneOf(Garbage.Form, Garbage.Json)
        from proof in Gen.OneOf(Garbage.Jwts, Garbage.Bytes)
        from hasProof in Gen.Elements(true, false, false)
        from fetch in Gen.Elements<(string, string)[]>([], [("Sec-Fetch-Mode", "navigate")], [("X-Requested-With", "x"), ("Sec-Fetch-Site", "same-site")])
        select new RawRequest(
            method,
            [.. Encoding.ASCII.GetBytes("/"), .. Path(route, id), .. hasQuery ? Join("?", Tight(query)) : []],
            Encoding.ASCII.GetBytes(Host),
            [
                .. new[] { ("Origin", origin) },
                .. hasCookies ? [("Cookie", cookies)] : Array.Empty<(string, byte[])>(),
                .. hasAuthorization ? [("Authorization", authorization)] : Array.Empty<(string, byte[])>(),
                .. hasProof ? [("DPoP", proof)] : Array.Empty<(string, byte[])>(),
                .. method is "GET" ? [] : new[] { ("Content-Type", contentType) },
                .. fetch.Select(f => (f.Item1, Encoding.ASCII.GetBytes(f.Item2))),
            ],
            method is "GET" ? [] : body);

    private void Holds(RawRequest request)
    {
        // A request that the server cannot even parse may be cut off before its answer arrives.
        if (Answer(request) is not { } answer)
        {
            Assert.False(request.IsPlain, "no answer");
            return;
        }

        Assert.True(answer.Status is >= 200 and < 500, $"{answer.Head}\n\n{answer.Body}");

        // A registration with an address and a password that both happen to be right is no garbage any more.
        Assert.False(answer.SetsSession && answer.Status != 201, answer.Head);
    }

    private RawAnswer? Answer(RawRequest request) => Task.Run(() => request.SendAsync(fixture.Service.Port)).GetAwaiter().GetResult();

    private static bool IsOurs(byte[] host) =>
        Encoding.Latin1.GetString(host).Trim().ToUpperInvariant() is "AUTH.CONTOSO.LOCALHOST:7071" or "AUTH.FABRIKAM.LOCALHOST:7071"
            or "AUTH.CONTOSO.LOCALHOST:7071:80" or "AUTH.FABRIKAM.LOCALHOST:7071:443";

    private static byte[] Path(string route, byte[] id) => route.Split('{', '}') is [var before, _, var after]
        ? [.. Encoding.ASCII.GetBytes(before), .. Tight(id), .. Encoding.ASCII.GetBytes(after)]
        : Encoding.ASCII.GetBytes(route);

    /// <summary>Without spaces, which would end the request target.</summary>
    private static byte[] Tight(byte[] bytes) => [.. bytes.Where(b => b is not ((byte)' ' or (byte)'\t'))];

    private static byte[] Join(string start, byte[] rest) => [.. Encoding.ASCII.GetBytes(start), .. rest];
}
