using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuthFunctions.Protocol;
using AuthFunctions.Tests.Fixtures;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Tokens;

/// <summary>A client's key, and proofs of having it (RFC 9449 §4.2): valid ones, of which a test spoils one thing.</summary>
internal sealed class DpopKey(TestService service) : IDisposable
{
    public ECDsa Private { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string Thumbprint => Jwk.Of(Private).Kid;

    /// <summary>The nonce that the service told last.</summary>
    public string? Nonce { get; private set; }

    /// <summary>A proof for this request at this moment.</summary>
    public string Proof(string method, string url, string? accessToken = null, Action<JsonObject, JsonObject>? spoil = null)
    {
        var point = Private.ExportParameters(false).Q;
        var header = new JsonObject
        {
            ["typ"] = "dpop+jwt",
            ["alg"] = "ES256",
            ["jwk"] = new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Encode(point.X!), ["y"] = Encode(point.Y!) },
        };
        var claims = new JsonObject
        {
            ["jti"] = Guid.NewGuid().ToString(),
            ["htm"] = method,
            ["htu"] = url,
            ["iat"] = service.Clock.GetUtcNow().ToUnixTimeSeconds(),
        };
        if (Nonce is not null)
        {
            claims["nonce"] = Nonce;
        }

        if (accessToken is not null)
        {
            claims["ath"] = Encode(SHA256.HashData(Encoding.ASCII.GetBytes(accessToken)));
        }

        spoil?.Invoke(header, claims);
        return Sign(header, claims);
    }

    /// <summary>A form to an endpoint of contoso, with a valid proof. The first time the service asks for its nonce.</summary>
    public async Task<HttpResponseMessage> FormAsync(
        Browser browser, string path, (string Id, string Secret)? client, params (string Name, string Value)[] fields)
    {
        await LearnNonceAsync(browser);
        return await FormAsync(browser, path, client, Proof("POST", Contoso + path), fields);
    }

    /// <summary>A form with this proof.</summary>
    public Task<HttpResponseMessage> FormAsync(
        Browser browser, string path, (string Id, string Secret)? client, string proof, params (string Name, string Value)[] fields) =>
        WithProofAsync(browser, proof, () => browser.FormAsync(Contoso + path, client, fields));

    /// <summary>Asks for the claims about the user, with a valid proof or this one.</summary>
    public async Task<HttpResponseMessage> UserInfoAsync(Browser browser, string accessToken, string? proof = null, string scheme = "DPoP")
    {
        var request = new HttpRequestMessage(HttpMethod.Get, Contoso + "/userinfo");
        request.Headers.TryAddWithoutValidation("Authorization", $"{scheme} {accessToken}");
        return await WithProofAsync(browser, proof ?? Proof("GET", Contoso + "/userinfo", accessToken), () => browser.SendAsync(request));
    }

    /// <summary>Learns the nonce as clients do: by a first proof that is refused for the want of one.</summary>
    public async Task LearnNonceAsync(Browser browser)
    {
        if (Nonce is null)
        {
            using var refused = await FormAsync(
                browser, "/token", ("demo-machine", "demo-machine-secret"), Proof("POST", Contoso + "/token"), ("grant_type", "client_credentials"));
            await refused.RefusedAsync(400, "use_dpop_nonce");
            Assert.NotNull(Nonce);
        }
    }

    public void Dispose() => Private.Dispose();

    public string Sign(JsonNode header, JsonNode claims)
    {
        var input = $"{Encode(JsonSerializer.SerializeToUtf8Bytes(header))}.{Encode(JsonSerializer.SerializeToUtf8Bytes(claims))}";
        return $"{input}.{Encode(Private.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256))}";
    }

    private async Task<HttpResponseMessage> WithProofAsync(Browser browser, string proof, Func<Task<HttpResponseMessage>> send)
    {
        browser.Headers["DPoP"] = proof;
        try
        {
            var response = await send();
            Nonce = response.Headers.TryGetValues("DPoP-Nonce", out var nonces) ? nonces.Single() : Nonce;
            return response;
        }
        finally
        {
            browser.Headers.Remove("DPoP");
        }
    }

    private static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
