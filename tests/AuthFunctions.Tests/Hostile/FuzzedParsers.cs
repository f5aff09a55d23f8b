using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AuthFunctions.Authorize;
using AuthFunctions.Clients;
using AuthFunctions.Device;
using AuthFunctions.Handoff;
using AuthFunctions.Http;
using AuthFunctions.Protocol;
using AuthFunctions.Sessions;
using AuthFunctions.SignIn;
using AuthFunctions.Sites;
using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Tokens;
using AuthFunctions.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Hostile;

/// <summary>Something that reads what strangers send.</summary>
/// <param name="Valid">Texts that it takes.</param>
/// <param name="Reads">
/// Reads a text: null if it refuses it, else whether what it made of it says the same as the text. Anything that it throws is a fault.
/// </param>
internal sealed record FuzzedParser(IReadOnlyList<string> Valid, Func<string, Task<bool?>> Reads)
{
    public FuzzedParser(IReadOnlyList<string> valid, Func<string, bool?> reads)
        : this(valid, text => Task.FromResult(reads(text)))
    {
    }
}

/// <summary>The parsers, over one service whose tokens are the valid texts of those that check signatures.</summary>
public sealed partial class FuzzedParsers : IAsyncLifetime, IDisposable
{
    public static readonly string[] Names =
    [
        "session handle", "refresh handle", "code", "link", "user code", "session id", "cookies", "form", "JSON", "return URL", "destination",
        "access token", "ID token", "handoff token",
        "client assertion", "request object", "DPoP proof", "sealed request", "nonce", "Basic credentials", "Accept-Language", "PKCE challenge",
        "PKCE verifier", "claims parameter", "client address",
    ];

    private static readonly ClientAddress Address = new(Options.Create(new ClientAddressOptions { Header = "CLIENT-IP" }));

    private TokenPlaces places = null!;

    internal TestService Service => places.Service;

    private Site Site => Service.Get<SiteDirectory>().Find("contoso")!;

    public async Task InitializeAsync()
    {
        places = new();
        await places.InitializeAsync();
    }

    public Task DisposeAsync() => places.DisposeAsync();

    public void Dispose() => places.Dispose();

    internal async Task<FuzzedParser> ParserAsync(string name)
    {
        switch (name)
        {
            case "session handle":
                return Handles([NewSid(false), NewSid(true)], t => SessionHandle.Read(SessionHandle.Sid, t)?.Write(SessionHandle.Sid));

            case "refresh handle":
                return Handles([(await Service.NativeAsync()).RefreshToken], t => RefreshHandle.Read(t)?.Write());

            case "code":
                return Handles([new CodeHandle(Id.New(), Id.New(), SessionId.NewRoot(), Secret.New()).Write()], t => CodeHandle.Read(t)?.Write());

            case "link":
                return Handles([new LinkHandle(Id.New(), Secret.New()).Write()], t => LinkHandle.Read(t)?.Write());

            case "user code":
                return new(["BCDF-GHJK", "bcdfghjk"], t => !UserCode.TryParse(t, out var code) ? null
                    : UserCode.TryParse(code.ToString(), out var again) && again == code && t.Count(char.IsLetterOrDigit) == UserCode.Length);

            case "session id":
                return Handles(
                    [SessionId.NewRoot().ToString(), SessionId.NewRoot().NewChild().ToString()],
                    t => SessionId.TryParse(t, out var id) ? id.ToString() : null);

            case "cookies":
                return new([$"__Host-sid={NewSid(true)}; a=b", $"x=\"y\"; __Host-sid={NewSid(false)}; __Host-handoff-AAAAAAAA=x"], t =>
                {
                    var request = Request(("Cookie", t));
                    _ = (SessionCookie.IsPresent(request, Site), SessionCookie.ReadRefresh(request));
                    _ = (SessionCookie.ReadHandoffs(request), SessionCookie.ReadLanguage(request));
                    return SessionCookie.ReadSid(request) is { } sid
                        ? SessionCookie.HasSid(request) && Uri.UnescapeDataString(t).Contains(sid.Write(SessionHandle.Sid), StringComparison.Ordinal)
                        : null;
                });

            case "form":
                return new(["client_id=a&scope=b%20c&token=d+e", "a=%C3%A9&token=" + NewSid(false)], async t =>
                {
                    var fields = await FormAsync(t);
                    string[] names = ["client_id", "scope", "token"];
                    var found = names.Where(n => fields[n] is not null).ToList();
                    var again = await FormAsync(string.Join('&', found.Select(n => $"{n}={Field.Escaped(fields[n]!)}")));

                    // The framework refuses %00, so that a bare one does not come back.
                    return fields.Fault is not null ? null
                        : found.Exists(n => fields[n]!.Contains('\0', StringComparison.Ordinal))
                        || (again.Fault is null && found.TrueForAll(n => again[n] == fields[n]));
                });

            case "JSON":
                return new(["{\"email\":\"a@b.test\",\"password\":\"x\"}", "{\"email\":null,\"name\":\"\\u00e9\",\"a\":[{\"b\":1.5e3}]}"], async t =>
                {
                    var request = Request(("Content-Type", "application/json"));
                    var bytes = Encoding.UTF8.GetBytes(t);
                    request.Body = new MemoryStream(bytes);
                    request.ContentLength = request.Body.Length;
                    var body = await JsonBody.ReadAsync(request, default);
                    var email = (body.Optional("email"), body.Optional("name")).Item1;
                    return body.Fault is not null ? null : JsonNode.Parse(Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF')) is JsonObject json && json["email"]?.GetValue<string>() == email;
                });

            case "return URL":
                return new([ContosoApp + "/", ContosoApp + "/callback?x=y#z"], t => Site.ReturnUrl(t) is not { } url ? null
                    : Site.ReturnUrl(url) == url && url.StartsWith(ContosoApp + "/", StringComparison.Ordinal) && IsPrintable(url));

            case "destination":
                return new([ContosoApp + "/x", "/handoff?to=fabrikam", "/authorize?sealed=x", "/device?user_code=BCDF-GHJK", "/account"], t =>
                {
                    var url = Service.Get<Destinations>().Of(t, Site).Url;
                    return !IsPrintable(url) ? false : url == Site.Home && t != url ? null
                        : url.StartsWith(ContosoApp + "/", StringComparison.Ordinal) || OwnPath().IsMatch(url);
                });

            case "access token":
                return Genuine([(await places.IssueAsync("session, bearer")).Genuine, (await places.IssueAsync("manage")).Genuine],
                    async t => await Service.Get<AccessTokenReader>().ReadAsync(t, Site, default) is not AccessTokenReading.Invalid);

            case "ID token":
                return Genuine([(await places.IssueAsync("id_token_hint")).Genuine],
                    async t => (await Service.Get<JwtVerifier>().VerifyAsync(t, JwtTypes.IdToken, Site, default)).Token is not null);

            case "handoff token":
                return Genuine([(await places.IssueAsync("handoff")).Genuine], async t =>
                {
                    _ = HandoffTokens.NonceHashOf(t);
                    var target = Service.Get<SiteDirectory>().Find("fabrikam")!;
                    return (await Service.Get<HandoffTokens>().ReadAsync(t, target, default)).Token is not null;
                });

            case "client assertion":
                return Genuine([(await places.IssueAsync("client_assertion")).Genuine], t =>
                    ClientAssertionValidator.SubjectOf(t) is null ? Task.FromResult(false) : IsOfClientAsync(t, "key-client", Site.Issuer));

            case "request object":
                var web = Service.Get<ClientDirectory>().Find(Site, "demo-web")!;
                return Genuine([(await places.IssueAsync("request")).Genuine], async t =>
                    (await Service.Get<RequestObjectReader>().ReadAsync(t, web, Site, default)).Fields is not null);

            case "DPoP proof":
                return Genuine([(await places.IssueAsync("DPoP")).Genuine], t => Task.FromResult(DpopProof.Read(t).Proof is not null));

            case "sealed request":
                return GenuineButForSpaces(await SealedAsync(), t => Task.FromResult(Service.Get<SealedRequests>().Unseal(t, Site.Name) is not null));

            case "nonce":
                return GenuineButForSpaces(Service.Get<DpopNonces>().New(Site), t => Task.FromResult(Service.Get<DpopNonces>().IsFresh(t, Site)));

            case "Basic credentials":
                return GenuineButForSpaces("Basic " + Convert.ToBase64String("demo-web:demo-web-secret"u8), async t =>
                    await Service.Get<ClientAuthenticator>().AuthenticateAsync(Request(("Authorization", t)), await FormAsync(""), Site, default)
                        is ClientAuthentication.Authenticated);

            case "Accept-Language":
                return new(
                    ["de", "fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", "x-klingon"],
                    t => RequestLanguage.Offered.Contains(RequestLanguage.Of(Request(("Accept-Language", t)))));

            case "PKCE challenge":
                return new([Ceremony.Challenge], t => Pkce.IsChallenge(t) ? Pkce43().IsMatch(t) && !Pkce.Matches("x", t) : null);

            case "PKCE verifier":
                return new([Ceremony.Verifier, new string('~', 128)], t => Pkce.IsVerifier(t) != Verifier().IsMatch(t) ? false
                    : Pkce.IsVerifier(t) ? Pkce.Matches(t, Ceremony.Challenge) == (t == Ceremony.Verifier)
                    : null);

            case "claims parameter":
                return new(
                    ["{\"id_token\":{\"acr\":{\"essential\":true,\"values\":[\"a\"]},\"sub\":{\"value\":\"x\"}},\"userinfo\":{\"email\":null}}", "{}"],
                    t => ClaimsRequest.Parse(t) is not { } claims ? null
                        : JsonNode.Parse(t) is JsonObject json && claims.IdToken.Count == ((json["id_token"] as JsonObject)?.Count ?? 0));

            case "client address":
                return new(["192.0.2.1:1234", "[2001:db8::1]:443", "2001:db8::1", "::ffff:192.0.2.1"], t =>
                    Address.Of(Request(("CLIENT-IP", t))) is { } address ? System.Net.IPAddress.TryParse(address.Split('/')[0], out _) : null);

            default:
                throw new ArgumentOutOfRangeException(nameof(name), name, "no such parser");
        }
    }

    /// <summary>Of what is signed, sealed or secret nothing but the genuine is taken, to the letter.</summary>
    private static FuzzedParser Genuine(IReadOnlyList<string> valid, Func<string, Task<bool>> isTaken) =>
        new(valid, async text => await isTaken(text) ? valid.Contains(text, StringComparer.Ordinal) : null);

    /// <summary>The same of what may have white space inside, or another case of its scheme.</summary>
    private static FuzzedParser GenuineButForSpaces(string valid, Func<string, Task<bool>> isTaken) =>
        new([valid], async text => await isTaken(text) ? Spaces().Replace(text, "") == Spaces().Replace(valid, "") : null);

    /// <summary>What is read has one spelling.</summary>
    private static FuzzedParser Handles(IReadOnlyList<string> valid, Func<string, string?> rewritten) =>
        new(valid, text => rewritten(text) is { } again ? again == text : null);

    private static string NewSid(bool isChild) =>
        new SessionHandle(Id.New(), isChild ? SessionId.NewRoot().NewChild() : SessionId.NewRoot(), Secret.New()).Write(SessionHandle.Sid);

    private static bool IsPrintable(string url) => url.All(c => c is > ' ' and < '\x7f');

    private async Task<bool> IsOfClientAsync(string token, string client, string audience) =>
        (await Service.Get<ClientJwtVerifier>().VerifyAsync(token, Service.Get<ClientDirectory>().Find(Site, client)!, [audience], default)).Token
            is not null;

    private async Task<string> SealedAsync()
    {
        using var browser = Service.NewBrowser();
        using var toSignIn = await browser.AuthorizeAsync();
        var returnTo = QueryHelpers.ParseQuery(Ceremony.Onwards(toSignIn, "/signin").Split('?')[1])["return_to"].ToString();
        return returnTo.Split("sealed=")[1];
    }

    private HttpRequest Request(params (string Name, string Value)[] headers)
    {
        var http = new DefaultHttpContext { RequestServices = Service.Services };
        foreach (var (name, value) in headers)
        {
            http.Request.Headers[name] = value;
        }

        return http.Request;
    }

    private Task<Fields> FormAsync(string text)
    {
        var request = Request(("Content-Type", "application/x-www-form-urlencoded"));
        request.Body = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return Fields.ReadAsync(request, default);
    }

    [GeneratedRegex("^/(handoff|authorize|device|account)([?]|$)")]
    private static partial Regex OwnPath();

    [GeneratedRegex(@"^basic|\s+", RegexOptions.IgnoreCase)]
    private static partial Regex Spaces();

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{43}\z")]
    private static partial Regex Pkce43();

    [GeneratedRegex(@"\A[A-Za-z0-9._~-]{43,128}\z")]
    private static partial Regex Verifier();
}
