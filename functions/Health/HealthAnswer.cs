using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace AuthFunctions.Health;

/// <summary>How the service is.</summary>
public sealed record HealthBody(string Status);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(HealthBody))]
internal sealed partial class HealthJson : JsonSerializerContext;

internal static class HealthAnswer
{
    public static Task WriteAsync(HttpContext http, HealthBody body, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return TypedResults.Json(body, HealthJson.Default.HealthBody).ExecuteAsync(http);
    }
}
