using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace AuthFunctions.Discovery;

/// <summary>JSON that anyone may cache, with an ETag of its bytes (RFC 9110 §8.8.3).</summary>
internal static class CacheableJson
{
    /// <summary>How long metadata may be cached: it changes with a deployment only.</summary>
    public static readonly TimeSpan MetadataLifetime = TimeSpan.FromHours(1);

    public static async Task WriteAsync(HttpRequest request, byte[] body, string contentType, TimeSpan lifetime, CancellationToken ct)
    {
        var response = request.HttpContext.Response;
        var etag = $"\"{Base64Url.EncodeToString(SHA256.HashData(body).AsSpan(0, 12))}\"";
        response.Headers.ETag = etag;
        response.Headers.CacheControl = "public, max-age=" + ((int)lifetime.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        if (request.Headers.IfNoneMatch.Any(
            known => known is "*" || known?.Split(',', StringSplitOptions.TrimEntries).Contains(etag, StringComparer.Ordinal) == true))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = contentType;
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, ct);
    }
}
