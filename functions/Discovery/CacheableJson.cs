using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace AuthFunctions.Discovery;

/// <summary>JSON that anyone may cache, with an ETag of its bytes (RFC 9110 §8.8.3): written and hashed once, sent often.</summary>
public sealed class CacheableJson
{
    /// <summary>How long metadata may be cached: it changes with a deployment only.</summary>
    public static readonly TimeSpan MetadataLifetime = TimeSpan.FromHours(1);

    private readonly byte[] body;
    private readonly string contentType;
    private readonly string etag;
    private readonly string cacheControl;

    public CacheableJson(byte[] body, string contentType, TimeSpan lifetime)
    {
        (this.body, this.contentType) = (body, contentType);
        etag = $"\"{Base64Url.EncodeToString(SHA256.HashData(body).AsSpan(0, 12))}\"";
        cacheControl = "public, max-age=" + ((int)lifetime.TotalSeconds).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Metadata in JSON.</summary>
    public static CacheableJson Metadata(byte[] body) => new(body, "application/json", MetadataLifetime);

    /// <summary>Sends it, or 304 to those who have it.</summary>
    public async Task WriteAsync(HttpRequest request, CancellationToken ct)
    {
        var response = request.HttpContext.Response;
        response.Headers.ETag = etag;
        response.Headers.CacheControl = cacheControl;
        if (request.Headers.IfNoneMatch is { Count: > 0 } known
            && known.Any(tags => tags is "*" || tags?.Split(',', StringSplitOptions.TrimEntries).Contains(etag, StringComparer.Ordinal) == true))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = contentType;
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, ct);
    }
}
