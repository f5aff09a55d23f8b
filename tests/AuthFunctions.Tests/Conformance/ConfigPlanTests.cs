using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Conformance;

/// <summary>Modelled on <c>oidcc-config-certification-test-plan</c>.</summary>
public class ConfigPlanTests(RelyingParty party) : IClassFixture<RelyingParty>
{
    [Fact, Module("oidcc-discovery-endpoint-verification")]
    public async Task The_metadata_are_whole_consistent_and_lead_to_public_keys_alone()
    {
        var metadata = party.Metadata;

        Assert.Equal(Contoso, party.Endpoint("issuer"));
        foreach (var member in metadata.EnumerateObject().Where(m => m.Name.EndsWith("_endpoint", StringComparison.Ordinal) || m.Name == "jwks_uri"))
        {
            Assert.StartsWith(Contoso + "/", member.Value.GetString(), StringComparison.Ordinal);
        }

        foreach (var endpoint in new[] { "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri" })
        {
            Assert.NotEmpty(party.Endpoint(endpoint));
        }

        Assert.True(party.Supports("response_types_supported", "code"));
        Assert.True(party.Supports("subject_types_supported", "public"));
        Assert.True(party.Supports("scopes_supported", "openid"));
        Assert.True(party.Supports("grant_types_supported", "authorization_code"));
        Assert.True(party.Supports("code_challenge_methods_supported", "S256"));
        Assert.True(metadata.GetProperty("claims_parameter_supported").GetBoolean());
        Assert.True(party.Supports("claims_supported", "sub"));
        Assert.All(
            metadata.GetProperty("scopes_supported").EnumerateArray(),
            s => Assert.DoesNotContain(s.GetString()!, c => c is <= ' ' or '"' or '\\' or > '~'));

        using var browser = party.Service.NewBrowser();
        using var jwks = await browser.GetAsync(party.Endpoint("jwks_uri"));
        foreach (var key in (await jwks.JsonAsync()).GetProperty("keys").EnumerateArray())
        {
            Assert.DoesNotContain(key.EnumerateObject(), m => m.Name is "d" or "k" or "p" or "q" or "dp" or "dq" or "qi");
        }
    }

    /// <summary>Where a run of the suite would end otherwise: docs/conformance.md tells of it.</summary>
    [Fact]
    public void ID_tokens_are_signed_with_ES256_alone_although_the_suite_asks_for_RS256()
    {
        Assert.Equal("""["ES256"]""", party.Metadata.GetProperty("id_token_signing_alg_values_supported").GetRawText());
    }
}
