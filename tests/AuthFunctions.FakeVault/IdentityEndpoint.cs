using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AuthFunctions.FakeVault;

/// <summary>
/// The App Service identity endpoint, version 2019-08-01, so that with <c>IDENTITY_ENDPOINT</c> and <c>IDENTITY_HEADER</c> in its
/// environment a client's <c>DefaultAzureCredential</c> finds it unchanged.
/// </summary>
internal static class IdentityEndpoint
{
    public static void Map(WebApplication app) => app.MapGet("/msi/token", Token);

    private static IResult Token(HttpRequest request, VaultOptions options, TokenBook tokens, CallCounts calls)
    {
        var header = Encoding.UTF8.GetBytes(request.Headers["X-IDENTITY-HEADER"].ToString());
        if (!CryptographicOperations.FixedTimeEquals(header, Encoding.UTF8.GetBytes(options.IdentityHeader)))
        {
            return Refuse(401, "The header X-IDENTITY-HEADER is missing or wrong.");
        }

        var resource = request.Query["resource"].ToString();
        if (request.Query["api-version"] != "2019-08-01" || resource.Length == 0)
        {
            return Refuse(400, "api-version must be 2019-08-01, and resource must be given.");
        }

        calls.Add(CallCounts.Token);
        var (token, expires) = tokens.Issue(resource);
        var clientId = request.Query["client_id"].ToString();
        return Results.Json(new
        {
            access_token = token,
            expires_on = expires.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            resource,
            token_type = "Bearer",
            client_id = clientId.Length > 0 ? clientId : "00000000-0000-0000-0000-000000000002",
        });
    }

    private static IResult Refuse(int status, string message) =>
        Results.Json(new { statusCode = status, message, correlationId = Guid.NewGuid() }, statusCode: status);
}
