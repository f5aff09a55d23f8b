using AuthFunctions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Pages;

/// <summary><c>GET /assets/{name}</c>: what the site's pages load. A name holds the hash of the file, so browsers may keep it for good.</summary>
public sealed class AssetFunction(AssetDirectory assets)
{
    [Function("Asset")]
    public async Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "assets/{name}")] HttpRequest request, string name, CancellationToken ct)
    {
        if (assets.Of(request.Site().Name).Find(name) is not { } asset)
        {
            await new Problem(404, "not_found", "There is nothing here.").ExecuteAsync(request.HttpContext);
            return;
        }

        var response = request.HttpContext.Response;
        response.Headers.CacheControl = "public, max-age=31536000, immutable";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";

        // Opened as a page of its own, an SVG could run what it holds.
        response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        response.ContentType = asset.ContentType;
        response.ContentLength = asset.Bytes.Length;
        await response.Body.WriteAsync(asset.Bytes, ct);
    }
}
