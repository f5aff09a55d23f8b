using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AuthFunctions.Protocol;
using AuthFunctions.Sessions;
using AuthFunctions.Storage;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Users;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Tokens;

/// <summary>A session that a client was granted, as later flows will make them.</summary>
internal sealed record ClientSession(string UserId, SessionId Id, string RefreshToken);

/// <summary>What the tests of OAuth's back channel share.</summary>
internal static class OAuthCalls
{
    public static readonly (string Id, string Secret) Web = ("demo-web", "demo-web-secret");
    public static readonly (string Id, string Secret) Machine = ("demo-machine", "demo-machine-secret");
    public static readonly (string Id, string Secret) Operator = ("demo-operator", "demo-operator-secret");

    /// <summary>The settings of one more client, number 6 of the list.</summary>
    public static Dictionary<string, string?> Client(string id, string? secret, params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string?> { ["Clients:6:ClientId"] = id, ["Clients:6:Sites:0"] = "contoso" };
        if (secret is not null)
        {
            settings["Clients:6:SecretHashes:0"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
        }

        foreach (var (name, value) in more)
        {
            settings["Clients:6:" + name] = value;
        }

        return settings;
    }

    /// <summary>An access token by client credentials.</summary>
    public static async Task<string> ClientTokenAsync(this TestService service, (string Id, string Secret) client, params (string Name, string Value)[] more)
    {
        using var browser = service.NewBrowser();
        using var response = await browser.FormAsync(Contoso + "/token", client, [("grant_type", "client_credentials"), .. more]);
        Assert.Equal(200, (int)response.StatusCode);
        return (await response.TextAsync("access_token"))!;
    }

    /// <summary>What an operator's console sends.</summary>
    public static async Task<Browser> OperatorAsync(this TestService service)
    {
        var browser = service.NewBrowser();
        browser.Headers["Authorization"] = "Bearer " + await service.ClientTokenAsync(Operator);
        return browser;
    }

    /// <summary>A new person, signed in, who has granted a client a session.</summary>
    public static async Task<ClientSession> GrantedAsync(this TestService service, string clientId, string scope = "openid profile email", string site = "contoso")
    {
        using var browser = await service.SignedInAsync();
        using var me = await browser.GetAsync(Contoso + "/session");
        var userId = (await me.JsonAsync()).GetProperty("user").GetProperty("id").GetString()!;
        var user = (await service.Get<UserStore>().FindAsync(userId, default))!;
        var now = service.Clock.GetUtcNow();
        var secret = Secret.New();
        var session = new SessionRow
        {
            UserId = userId,
            Id = SessionId.NewRoot(),
            Site = site,
            ClientId = clientId,
            Scope = Scope.Parse(scope),
            AuthTime = now,
            Amr = ["pwd"],
            CreatedAt = now,
            LastUsedAt = now,
            IdleExpiresAt = now.AddDays(14),
            AbsoluteExpiresAt = now.AddDays(90),
            Epoch = user.Epoch,
            RefreshHash = secret.Hash(),
            HandleKey = RandomNumberGenerator.GetBytes(Secret.Size),
        };
        Assert.IsType<Commit.Done>(await service.Table("Users").CommitAsync([service.Get<SessionStore>().Add(session)], default));
        return new ClientSession(userId, session.Id, RefreshHandle.Issue(session, 0, secret).Write());
    }

    /// <summary>A person who signed in as a native app: the access and the refresh token.</summary>
    public static async Task<(string UserId, string AccessToken, string RefreshToken)> NativeAsync(this TestService service, string site = Contoso)
    {
        using var app = service.NewBrowser();
        using var response = await app.PostAsync(site + "/register", new { email = NewEmail(), password = Password, transport = "body" }, origin: null);
        Assert.Equal(201, (int)response.StatusCode);
        var body = await response.JsonAsync();
        return (body.GetProperty("user").GetProperty("id").GetString()!, body.GetProperty("access_token").GetString()!, body.GetProperty("refresh_token").GetString()!);
    }

    /// <summary>A refresh at the token endpoint. A public client has no secret and names itself.</summary>
    public static Task<HttpResponseMessage> RefreshAsync(
        this Browser browser, (string Id, string Secret) client, string refreshToken, params (string Name, string Value)[] more) =>
        browser.ClientFormAsync(Contoso + "/token", client, [("grant_type", "refresh_token"), ("refresh_token", refreshToken), .. more]);

    /// <summary>A form from a client, confidential or (with an empty secret) public.</summary>
    public static Task<HttpResponseMessage> ClientFormAsync(
        this Browser browser, string url, (string Id, string Secret) client, params (string Name, string Value)[] fields) => client.Secret.Length > 0
        ? browser.FormAsync(url, client, fields)
        : browser.FormAsync(url, null, [("client_id", client.Id), .. fields]);

    /// <summary>What an introspection says.</summary>
    public static async Task<JsonElement> IntrospectAsync(this Browser browser, (string Id, string Secret) client, string token, string site = Contoso)
    {
        using var response = await browser.FormAsync(site + "/introspect", client, ("token", token));
        Assert.Equal(200, (int)response.StatusCode);
        return await response.JsonAsync();
    }

    /// <summary>True if an introspection says so; an inactive token must have no other member (RFC 7662 §2.2).</summary>
    public static async Task<bool> IsActiveAsync(this Browser browser, (string Id, string Secret) client, string token, string site = Contoso)
    {
        var answer = await browser.IntrospectAsync(client, token, site);
        var active = answer.GetProperty("active").GetBoolean();
        Assert.True(active || answer.GetRawText() == """{"active":false}""", answer.GetRawText());
        return active;
    }

    /// <summary>The header and the claims of a compact JWT.</summary>
    public static (JsonElement Header, JsonElement Claims) Decode(string token)
    {
        var parts = token.Split('.');
        Assert.Equal(3, parts.Length);
        return (Part(parts[0]), Part(parts[1]));

        static JsonElement Part(string part)
        {
            using var document = JsonDocument.Parse(Base64Url.DecodeFromChars(part));
            return document.RootElement.Clone();
        }
    }

    /// <summary>The names of an object's members, in alphabetical order.</summary>
    public static string Members(this JsonElement json) => string.Join(' ', json.EnumerateObject().Select(m => m.Name).Order(StringComparer.Ordinal));

    /// <summary>A text member.</summary>
    public static string? Text(this JsonElement json, string member) => json.GetProperty(member).GetString();

    /// <summary>Asserts that a line of the log gives this as the reason.</summary>
    public static void AssertReason(this TestService service, string reason) =>
        Assert.Contains(service.Log.Lines, line => line.Contains(reason, StringComparison.Ordinal));
}
