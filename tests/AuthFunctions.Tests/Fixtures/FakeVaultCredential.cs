using System.Globalization;
using System.Text.Json;
using Azure.Core;

namespace AuthFunctions.Tests.Fixtures;

/// <summary>
/// Asks the fake vault's identity endpoint, as DefaultAzureCredential would with that endpoint in its environment; tests share one
/// environment, but each may have a vault of its own.
/// </summary>
internal sealed class FakeVaultCredential(HttpClient http, Uri endpoint, string header) : TokenCredential
{
    /// <summary>Another resource than the one the vault asks for, to be refused by it.</summary>
    public string? Resource { get; init; }

    public override async ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        var resource = Resource ?? requestContext.Scopes[0].Replace("/.default", "", StringComparison.Ordinal);
        using var request = new HttpRequestMessage(
            HttpMethod.Get, $"{endpoint}?api-version=2019-08-01&resource={Uri.EscapeDataString(resource)}");
        request.Headers.Add("X-IDENTITY-HEADER", header);
        using var response = await http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        using var body = JsonDocument.Parse(await response.Content.ReadAsStreamAsync(cancellationToken));
        var expires = long.Parse(body.RootElement.GetProperty("expires_on").GetString()!, CultureInfo.InvariantCulture);
        return new AccessToken(body.RootElement.GetProperty("access_token").GetString()!, DateTimeOffset.FromUnixTimeSeconds(expires));
    }

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        throw new NotSupportedException("The product asks for tokens asynchronously.");
}
