using System.Security.Cryptography;

namespace AuthFunctions.Bench;

/// <summary>
/// Kestrel with nothing behind it: an empty endpoint, one that signs once and one that verifies once (ES256). No service that answers, signs or
/// verifies on this runtime can take less.
/// </summary>
internal static class Floor
{
    public static async Task RunAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        await using var app = builder.Build();

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var content = new byte[400];
        var signature = key.SignData(content, HashAlgorithmName.SHA256);
        var body = "{}"u8.ToArray();

        app.Run(async http =>
        {
            if (http.Request.Path == "/sign")
            {
                key.SignData(content, HashAlgorithmName.SHA256);
            }
            else if (http.Request.Path == "/verify" && !key.VerifyData(content, signature, HashAlgorithmName.SHA256))
            {
                throw new InvalidOperationException("The signature does not verify.");
            }

            http.Response.ContentType = "application/json";
            http.Response.ContentLength = body.Length;
            await http.Response.Body.WriteAsync(body);
        });
        await app.RunAsync();
    }
}
