using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace AuthFunctions.Offline.Functions;

/// <summary>The queue service of a connection string: its address, and requests signed with its key (SharedKeyLite).</summary>
/// <remarks>The host's own: the app's client library may be the real one or its stand-in, and the host stands outside of its app.</remarks>
internal sealed record QueueAccount(string Name, byte[] Key, string Endpoint)
{
    // The account every storage emulator has; its key is published and opens nothing else.
    private const string Development =
        "AccountName=devstoreaccount1;"
        + "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;"
        + "QueueEndpoint=http://127.0.0.1:10001/devstoreaccount1";

    /// <summary>Null if the text names no queue service on this machine with its key: the local host polls no other.</summary>
    public static QueueAccount? Read(string? connectionString)
    {
        var settings = Settings(connectionString ?? "");
        if (string.Equals(settings.GetValueOrDefault("UseDevelopmentStorage"), "true", StringComparison.OrdinalIgnoreCase))
        {
            settings = Settings(Development);
        }

        return settings.TryGetValue("AccountName", out var name) && settings.TryGetValue("AccountKey", out var key)
            && settings.TryGetValue("QueueEndpoint", out var endpoint)
            ? new QueueAccount(name, Convert.FromBase64String(key), endpoint.TrimEnd('/'))
            : null;
    }

    public HttpRequestMessage Request(HttpMethod method, string pathAndQuery, string? body = null)
    {
        var request = new HttpRequestMessage(method, $"{Endpoint}/{pathAndQuery}");
        request.Headers.Add("x-ms-date", DateTimeOffset.UtcNow.ToString("R", CultureInfo.InvariantCulture));
        request.Headers.Add("x-ms-version", "2020-12-06");
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/xml");
        }

        var headers = string.Concat(request.Headers.Select(h => $"{h.Key}:{h.Value.Single()}\n").Order(StringComparer.Ordinal));
        var toSign = $"{method}\n\n{request.Content?.Headers.ContentType}\n\n{headers}/{Name}{request.RequestUri!.AbsolutePath}";
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes(toSign)));
        request.Headers.Authorization = new AuthenticationHeaderValue("SharedKeyLite", $"{Name}:{signature}");
        return request;
    }

    private static Dictionary<string, string> Settings(string text) => text
        .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(part => part.Split('=', 2))
        .Where(pair => pair.Length == 2)
        .GroupBy(pair => pair[0], StringComparer.OrdinalIgnoreCase)
        .ToDictionary(pairs => pairs.Key, pairs => pairs.Last()[1], StringComparer.OrdinalIgnoreCase);
}
