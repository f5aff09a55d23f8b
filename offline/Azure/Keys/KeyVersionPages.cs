using System.Text.Json;
using Azure.Core;

namespace Azure.Security.KeyVault.Keys;

/// <summary>The versions of one key, page after page, in no order.</summary>
internal sealed class KeyVersionPages(KeyProtocol protocol, Uri versions, CancellationToken ct) : AsyncPageable<KeyProperties>(ct)
{
    public override async IAsyncEnumerable<Page<KeyProperties>> AsPages(string continuationToken = null, int? pageSizeHint = null)
    {
        var next = continuationToken is null ? versions : new Uri(continuationToken);
        while (next is not null)
        {
            var response = await protocol.SendAsync(RequestMethod.Get, next, null, CancellationToken).ConfigureAwait(false);
            using var document = JsonDocument.Parse(response.Content.ToMemory());
            var link = document.RootElement.TryGetProperty("nextLink", out var value) ? value.GetString() : null;
            next = string.IsNullOrEmpty(link) ? null : new Uri(link);
            yield return Page<KeyProperties>.FromValues(
                [.. document.RootElement.GetProperty("value").EnumerateArray().Select(KeyJson.Item)], next?.AbsoluteUri, response);
        }
    }
}
