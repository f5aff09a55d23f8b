using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AuthFunctions.Tests.Fixtures;
using Azure.Core;

namespace AuthFunctions.Tests.Vault;

/// <summary>What the fake vault itself refuses, so that a client that passes here sends what the real one wants.</summary>
public sealed class FakeVaultTests(FakeVault vault) : IClassFixture<FakeVault>
{
    private const string Key = "/keys/token-signing?api-version=7.6";

    [Fact]
    public async Task A_request_without_a_token_is_challenged()
    {
        using var response = await vault.Http.GetAsync(new Uri(Key, UriKind.Relative));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(
            "Bearer authorization=\"https://login.microsoftonline.com/00000000-0000-0000-0000-000000000001\", resource=\"https://vault.azure.net\"",
            response.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task A_token_that_the_vault_did_not_give_out_is_challenged()
    {
        using var good = await GetAsync(Key, await TokenAsync());
        using var bad = await GetAsync(Key, new string('0', 64));

        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, bad.StatusCode);
    }

    [Theory]
    [InlineData("/keys/token-signing")]
    [InlineData("/keys/token-signing?api-version=6.0")]
    public async Task A_request_without_a_version_that_is_known_is_refused(string path)
    {
        using var response = await GetAsync(path, await TokenAsync());

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("\"code\":\"BadParameter\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_is_made_and_a_further_version_of_it()
    {
        var first = await PostAsync("/keys/made/create?api-version=7.6", """{"kty":"EC","crv":"P-256","attributes":{"enabled":false,"nbf":1,"exp":9}}""");
        var second = await PostAsync("/keys/made/create?api-version=7.6", """{"kty":"EC","key_ops":["verify"]}""");
        using var current = await GetAsync("/keys/made?api-version=7.6", await TokenAsync());

        Assert.Contains("\"attributes\":{\"enabled\":false,\"nbf\":1,\"exp\":9,", first, StringComparison.Ordinal);
        Assert.Contains("\"key_ops\":[\"verify\"]", second, StringComparison.Ordinal);
        Assert.Equal(second, await current.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task No_answer_shows_a_private_part()
    {
        var made = await PostAsync("/keys/private/create?api-version=7.6", """{"kty":"RSA","key_size":3072}""");

        Assert.Contains("\"n\":\"", made, StringComparison.Ordinal);
        foreach (var name in "d p q dp dq qi".Split(' '))
        {
            Assert.DoesNotContain($"\"{name}\":", made, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Keys_are_not_to_be_had_over_http_nor_the_switches_over_https()
    {
        using var keys = await vault.Admin.GetAsync(new Uri(Key, UriKind.Relative));
        using var calls = await vault.Http.GetAsync(new Uri("/calls", UriKind.Relative));

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (keys.StatusCode, calls.StatusCode));
    }

    [Theory]
    [InlineData("?api-version=2019-08-01&resource=https%3A%2F%2Fvault.azure.net", null, HttpStatusCode.OK)]
    [InlineData("?api-version=2019-08-01&resource=https%3A%2F%2Fvault.azure.net", "wrong", HttpStatusCode.Unauthorized)]
    [InlineData("?api-version=2019-08-01&resource=https%3A%2F%2Fvault.azure.net", "", HttpStatusCode.Unauthorized)]
    [InlineData("?api-version=2017-09-01&resource=https%3A%2F%2Fvault.azure.net", null, HttpStatusCode.BadRequest)]
    [InlineData("?resource=https%3A%2F%2Fvault.azure.net", null, HttpStatusCode.BadRequest)]
    [InlineData("?api-version=2019-08-01", null, HttpStatusCode.BadRequest)]
    public async Task The_identity_endpoint_wants_its_header_its_version_and_a_resource(string query, string? header, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, vault.IdentityEndpoint + query);
        if (header != "")
        {
            request.Headers.Add("X-IDENTITY-HEADER", header ?? vault.IdentityHeader);
        }

        using var response = await vault.Admin.SendAsync(request);

        Assert.Equal(status, response.StatusCode);
    }

    [Theory]
    [InlineData("""{"operation":"nonsense","status":500}""")]
    [InlineData("""{"operation":"sign","status":200}""")]
    [InlineData("""{"operation":"sign","status":500,"count":0}""")]
    public async Task A_fault_that_makes_no_sense_is_not_switched_on(string fault)
    {
        using var content = new StringContent(fault, Encoding.UTF8, "application/json");
        using var response = await vault.Admin.PostAsync(new Uri("/faults", UriKind.Relative), content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task A_client_that_does_not_trust_the_certificate_does_not_connect()
    {
        using var trusting = await vault.Http.GetAsync(new Uri(Key, UriKind.Relative));
        using var http = new HttpClient();

        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(new Uri(vault.VaultUri, Key)));

        Assert.Equal(HttpStatusCode.Unauthorized, trusting.StatusCode);
        Assert.Equal(HttpRequestError.SecureConnectionError, failure.HttpRequestError);
    }

    [Fact]
    public async Task The_process_ends_with_the_input_of_the_one_that_started_it()
    {
        await using var other = await FakeVault.StartAsync("--key", "only:EC");

        Assert.True(await other.EndInputAsync(TimeSpan.FromSeconds(30)));
    }

    private async Task<string> TokenAsync() =>
        (await vault.Credential.GetTokenAsync(new TokenRequestContext(["https://vault.azure.net/.default"]), default)).Token;

    private async Task<HttpResponseMessage> GetAsync(string path, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await vault.Http.SendAsync(request);
    }

    private async Task<string> PostAsync(string path, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync());
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await vault.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }
}
