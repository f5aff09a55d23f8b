using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace AuthFunctions.Offline.Functions;

/// <summary>
/// <c>POST /admin/functions/{name}</c> runs a timer function, or a queue function for the message in <c>input</c>, as the Functions host
/// does: 202, or 404.
/// </summary>
internal sealed class AdminEndpoint(TimerService timers, QueueService queues)
{
    public async Task<int> AnswerAsync(HttpRequest request)
    {
        if (!HttpMethods.IsPost(request.Method)
            || !request.Path.StartsWithSegments($"/{ReservedPaths.Admin}/functions", out var rest)
            || rest.Value is not { Length: > 1 } name)
        {
            return StatusCodes.Status404NotFound;
        }

        // A page elsewhere can send a browser here, but JSON only after a preflight, which is not answered.
        if (!request.HasJsonContentType())
        {
            return StatusCodes.Status415UnsupportedMediaType;
        }

        string input;
        try
        {
            using var body = await JsonDocument.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted);
            input = body.RootElement.ValueKind == JsonValueKind.Object && body.RootElement.TryGetProperty("input", out var text)
                && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";
        }
        catch (JsonException)
        {
            return StatusCodes.Status400BadRequest;
        }

        var function = name[1..].TrimEnd('/');
        return await timers.TryRunAsync(function) || await queues.TryRunAsync(function, input) ? StatusCodes.Status202Accepted : StatusCodes.Status404NotFound;
    }
}
