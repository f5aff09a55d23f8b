using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Hostile;

/// <summary>Every forgery of a token at every place that takes one. The token that it is made of is taken there.</summary>
public sealed class TokenForgeryTests(TokenPlaces places) : IClassFixture<TokenPlaces>
{
    /// <summary>What each place takes, besides what was made for it.</summary>
    private static readonly Dictionary<string, string[]> AlsoTaken = new()
    {
        ["session, bearer"] = ["for session, cookie"],
        ["session, cookie"] = ["for session, bearer"],
        ["userinfo"] = ["access token of a client", "for session, bearer", "for session, cookie"],
        ["introspect"] = ["access token of a machine"],
        ["id_token_hint"] = ["id token", "for end_session"],
        ["end_session"] = ["id token", "for id_token_hint"],
        ["subject_token"] = ["access token for an API"],
    };

    public static TheoryData<string> Places => [.. TokenPlaces.Names];

    [Theory]
    [MemberData(nameof(Places))]
    public async Task No_forgery_is_taken_and_the_token_itself_is(string place)
    {
        using var publicKey = await PublicKeyAsync();
        var taken = new List<string>();
        foreach (var (name, forge) in Forgeries.All)
        {
            var presentation = await places.IssueAsync(place);
            if (await presentation.TakesAsync(forge(new(presentation.Genuine, publicKey))))
            {
                taken.Add(name);
            }
        }

        // A proof proves the key that it brings, whose ever it is: that is what it is for.
        Assert.Equal(place == "DPoP" ? ["jwk of the forger's"] : [], taken);
        var genuine = await places.IssueAsync(place);
        Assert.True(await genuine.TakesAsync(genuine.Genuine));
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_token_of_any_other_kind_or_site_is_not_taken(string place)
    {
        var presentation = await places.IssueAsync(place);
        var taken = new List<string>();
        foreach (var (kind, token) in await places.KindsAsync())
        {
            if (kind != "for " + place && await presentation.TakesAsync(token))
            {
                taken.Add(kind);
            }
        }

        Assert.Equal(AlsoTaken.GetValueOrDefault(place, []).Order(StringComparer.Ordinal), taken.Order(StringComparer.Ordinal));
        Assert.True(await presentation.TakesAsync(presentation.Genuine));
    }

    /// <summary>The key that everybody knows.</summary>
    private async Task<ECDsa> PublicKeyAsync()
    {
        using var browser = places.Service.NewBrowser();
        using var response = await browser.GetAsync(Contoso + "/.well-known/jwks.json");
        using var jwks = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var jwk = jwks.RootElement.GetProperty("keys")[0];
        return ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new()
            {
                X = Base64Url.DecodeFromChars(jwk.GetProperty("x").GetString()),
                Y = Base64Url.DecodeFromChars(jwk.GetProperty("y").GetString()),
            },
        });
    }
}
