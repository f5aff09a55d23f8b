using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using AuthFunctions.Protocol;
using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Tokens;

/// <summary>Pairwise subjects (OpenID Connect Core §8): what a client is given shows nothing that another client is given too.</summary>
public class PairwiseTests
{
    private static readonly string[] TokenNames = ["access_token", "id_token", "refresh_token"];

    private static readonly Dictionary<string, string?> TwoSectors = new()
    {
        ["Clients:0:SubjectType"] = "Pairwise",
        ["Clients:0:SectorIdentifier"] = "one.example",
        ["Clients:1:SubjectType"] = "Pairwise",
        ["Clients:1:SectorIdentifier"] = "other.example",
    };

    private static readonly Dictionary<string, string?> OneSector = new(TwoSectors) { ["Clients:1:SectorIdentifier"] = "one.example" };

    [Fact]
    public async Task Each_sector_knows_a_user_by_a_subject_of_its_own_which_stays()
    {
        await using var service = await StartAsync(TwoSectors);
        await using var second = await service.StartSecondAsync(TwoSectors);
        using var browser = await service.SignedInAsync();
        using var elsewhere = browser.Copy(second);

        var first = SubjectOf(await browser.TokensAsync());
        var other = SubjectOf(await WebAsync(browser));
        var again = SubjectOf(await elsewhere.TokensAsync());

        Assert.NotEqual(first, other);
        Assert.Equal(first, again);
        Assert.DoesNotContain(await UserIdAsync(browser), new[] { first, other });
    }

    [Fact]
    public async Task Clients_of_one_sector_know_a_user_by_the_same_subject()
    {
        await using var service = await StartAsync(OneSector);
        using var browser = await service.SignedInAsync();
        using var another = await service.SignedInAsync();

        var first = SubjectOf(await browser.TokensAsync());

        Assert.Equal(first, SubjectOf(await WebAsync(browser)));
        Assert.NotEqual(first, SubjectOf(await another.TokensAsync()));
    }

    [Fact]
    public async Task Nothing_that_is_given_shows_the_ids_of_user_and_root_session()
    {
        await using var service = await StartAsync(TwoSectors);
        await using var plain = await StartAsync();

        Assert.False(await ShowsAsync(service));

        // That they would be found is seen where subjects are public.
        Assert.True(await ShowsAsync(plain));
    }

    [Fact]
    public async Task Refresh_userinfo_introspection_and_revocation_go_by_what_the_client_was_given()
    {
        await using var service = await StartAsync(TwoSectors);
        using var browser = await service.SignedInAsync();
        var tokens = await WebAsync(browser);
        var (sub, sid) = (SubjectOf(tokens), tokens.Claims("id_token").GetProperty("sid").GetString());

        using var refreshed = await browser.RefreshAsync(OAuthCalls.Web, tokens.GetProperty("refresh_token").GetString()!);
        var next = await refreshed.JsonAsync();
        var (access, refresh) = (next.GetProperty("access_token").GetString()!, next.GetProperty("refresh_token").GetString()!);
        var request = new HttpRequestMessage(HttpMethod.Get, Contoso + "/userinfo");
        request.Headers.Authorization = new("Bearer", access);
        using var info = await browser.SendAsync(request);

        Assert.Equal(sub, SubjectOf(next));
        Assert.Equal(sid, next.Claims("id_token").GetProperty("sid").GetString());
        Assert.Equal(sub, await info.TextAsync("sub"));
        foreach (var token in new[] { access, refresh })
        {
            var told = await browser.IntrospectAsync(OAuthCalls.Web, token);
            Assert.Equal((sub, sid), (told.GetProperty("sub").GetString(), told.GetProperty("sid").GetString()));
        }

        using var revoked = await browser.FormAsync(Contoso + "/revoke", OAuthCalls.Web, ("token", access));
        Assert.Equal(200, (int)revoked.StatusCode);
        Assert.False(await browser.IsActiveAsync(OAuthCalls.Web, refresh));
    }

    [Fact]
    public async Task What_was_given_to_another_client_or_was_never_sealed_is_refused()
    {
        await using var service = await StartAsync(OneSector);
        using var browser = await service.SignedInAsync();
        var spa = (await browser.TokensAsync()).GetProperty("refresh_token").GetString()!;
        var unsealed = (await service.GrantedAsync("demo-web")).RefreshToken;

        foreach (var token in new[] { spa, unsealed, spa[..^2] + "AA", "sealed_", "sealed_AAAA" })
        {
            using var response = await browser.RefreshAsync(OAuthCalls.Web, token);
            await response.RefusedAsync(400, "invalid_grant");
        }

        using var owner = await browser.RefreshAsync(spa);
        Assert.Equal(200, (int)owner.StatusCode);
    }

    [Fact]
    public async Task A_hint_and_a_sub_in_claims_name_the_user_as_the_client_knows_it()
    {
        await using var service = await StartAsync(TwoSectors);
        using var browser = await service.SignedInAsync();
        using var another = await service.SignedInAsync();
        var tokens = await browser.TokensAsync();
        var (hint, claims) = (tokens.GetProperty("id_token").GetString(), JsonSerializer.Serialize(new { id_token = new { sub = new { value = SubjectOf(tokens) } } }));

        foreach (var parameter in new[] { ("id_token_hint", hint), ("claims", claims) })
        {
            using var hers = await browser.AuthorizeAsync(parameter);
            using var his = await another.AuthorizeAsync(parameter);
            Assert.NotEmpty(Ceremony.Answered(hers)["code"]);
            Ceremony.Errs(his, "login_required");
        }

        // Another client's hint names the same user.
        using var foreign = await browser.AuthorizeAsync(("id_token_hint", (await WebAsync(browser)).GetProperty("id_token").GetString()));
        Assert.NotEmpty(Ceremony.Answered(foreign)["code"]);
        using var left = await browser.GetAsync($"{Contoso}/end_session?id_token_hint={hint}");
        Assert.Equal(200, (int)left.StatusCode);
        using var signedOut = await browser.GetAsync(Contoso + "/session?fresh=1");
        Assert.Equal(401, (int)signedOut.StatusCode);
    }

    [Fact]
    public async Task A_third_party_gets_its_code_sealed_after_consent()
    {
        await using var service = await StartAsync(new() { ["Clients:5:SubjectType"] = "Pairwise" });
        using var browser = await service.SignedInAsync();
        using var asked = await browser.AuthorizeAsync(Ceremony.AsPartner);

        using var given = await browser.ConsentAsync(asked);
        var code = Ceremony.Answered(given, Ceremony.PartnerCallback)["code"];
        using var redeemed = await browser.RedeemAsync(code, Ceremony.AsPartner);

        Assert.StartsWith("sealed_", code, StringComparison.Ordinal);
        Assert.Equal(200, (int)redeemed.StatusCode);
    }

    private static string SubjectOf(JsonElement tokens) => tokens.Claims("id_token").GetProperty("sub").GetString()!;

    private static async Task<JsonElement> WebAsync(Browser browser)
    {
        using var response = await browser.RedeemAtAsync(
            Contoso, OAuthCalls.Web, await browser.CodeAsync(("client_id", "demo-web")), ("client_id", null));
        Assert.Equal(200, (int)response.StatusCode);
        return await response.JsonAsync();
    }

    private static async Task<string> UserIdAsync(Browser browser)
    {
        using var me = await browser.GetAsync(Contoso + "/session");
        return (await me.JsonAsync()).GetProperty("user").GetProperty("id").GetString()!;
    }

    /// <summary>True if a code, a refresh token or a JWT shows an id, as text or as the bytes that base64url hides.</summary>
    private static async Task<bool> ShowsAsync(TestService service)
    {
        using var browser = await service.SignedInAsync();
        var userId = await UserIdAsync(browser);
        var root = (await service.RowsAsync(userId, "session_")).Single().Key["session_".Length..];
        var code = await browser.CodeAsync();
        using var redeemed = await browser.RedeemAsync(code);
        var tokens = await redeemed.JsonAsync();
        var given = TokenNames.Select(name => tokens.GetProperty(name).GetString()!).Append(code);
        var parts = given.SelectMany(g => g.Split('.')).SelectMany(p => new[] { p, p[(p.IndexOf('_', StringComparison.Ordinal) + 1)..] });
        return parts.Where(p => Base64Url.IsValid(p)).Select(p => Encoding.Latin1.GetString(Base64Url.DecodeFromChars(p))).Any(text =>
            new[] { userId, root }.Any(id =>
                text.Contains(id, StringComparison.Ordinal) || text.Contains(Encoding.Latin1.GetString(Id.Read(id)), StringComparison.Ordinal)));
    }
}
