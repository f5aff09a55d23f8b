using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Storage.Queues;

/// <summary>Signs each try of a request with the account key, by the scheme SharedKeyLite of the queue service.</summary>
internal sealed class QueueSharedKeyLitePolicy(string account, byte[] key) : HttpPipelineSynchronousPolicy
{
    public override void OnSendingRequest(HttpMessage message)
    {
        var request = message.Request;
        request.Headers.SetValue("x-ms-date", DateTimeOffset.UtcNow.ToString("R", CultureInfo.InvariantCulture));

        // Unlike tables, queues have the service's own headers signed; the line of the Date is empty where x-ms-date stands for it.
        var headers = request.Headers
            .Where(h => h.Name.StartsWith("x-ms-", StringComparison.OrdinalIgnoreCase))
            .Select(h => $"{h.Name.ToLowerInvariant()}:{h.Value.Trim()}\n")
            .Order(StringComparer.Ordinal);
        request.Headers.TryGetValue("Content-Type", out var contentType);
        var toSign = $"{request.Method}\n\n{contentType}\n\n{string.Concat(headers)}/{account}{request.Uri.ToUri().AbsolutePath}";
        var signature = Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)));
        request.Headers.SetValue("Authorization", $"SharedKeyLite {account}:{signature}");
    }
}
