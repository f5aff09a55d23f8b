using System.Globalization;
using System.Net;
using System.Text;
using System.Xml.Linq;

namespace AuthFunctions.Offline.Functions;

/// <summary>A message that was taken from a queue and stays hidden until it is deleted or let go.</summary>
internal sealed record QueueItem(string Id, string PopReceipt, int DequeueCount, string EncodedText)
{
    /// <summary>The text; what is no base64 is taken as it is, as the Functions host does.</summary>
    public string Text
    {
        get
        {
            var bytes = new byte[EncodedText.Length];
            return Convert.TryFromBase64String(EncodedText, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : EncodedText;
        }
    }
}

/// <summary>The few requests to a queue that its trigger makes (Queue service REST API).</summary>
internal sealed class QueueReader(QueueAccount account, string queue, HttpClient http)
{
    private const int BatchSize = 16;

    // As the host's: longer than a run may take, so that nobody else gets the message meanwhile.
    private const int HiddenSeconds = 600;

    /// <summary>Up to a batch of messages; none if the queue is empty or not there yet.</summary>
    public async Task<IReadOnlyList<QueueItem>> TakeAsync(CancellationToken ct)
    {
        using var response = await SendAsync(
            HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"{queue}/messages?numofmessages={BatchSize}&visibilitytimeout={HiddenSeconds}"), null, ct);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return [];
        }

        var body = XDocument.Parse((await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(ct)).TrimStart('\uFEFF'));
        return
        [
            .. body.Root!.Elements("QueueMessage").Select(m => new QueueItem(
                (string)m.Element("MessageId")!, (string)m.Element("PopReceipt")!, (int)m.Element("DequeueCount")!, (string)m.Element("MessageText")!)),
        ];
    }

    public async Task DeleteAsync(QueueItem item, CancellationToken ct)
    {
        using var response = await SendAsync(HttpMethod.Delete, $"{queue}/messages/{item.Id}?popreceipt={Uri.EscapeDataString(item.PopReceipt)}", null, ct);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Shows the message again at once.</summary>
    public async Task LetGoAsync(QueueItem item, CancellationToken ct)
    {
        using var response = await SendAsync(
            HttpMethod.Put, $"{queue}/messages/{item.Id}?popreceipt={Uri.EscapeDataString(item.PopReceipt)}&visibilitytimeout=0", Body(item), ct);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Puts the message aside, into <c>{queue}-poison</c>.</summary>
    public async Task PoisonAsync(QueueItem item, CancellationToken ct)
    {
        using (var made = await SendAsync(HttpMethod.Put, $"{queue}-poison", null, ct))
        {
            made.EnsureSuccessStatusCode();
        }

        using (var put = await SendAsync(HttpMethod.Post, $"{queue}-poison/messages", Body(item), ct))
        {
            put.EnsureSuccessStatusCode();
        }

        await DeleteAsync(item, ct);
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string pathAndQuery, string? body, CancellationToken ct) =>
        http.SendAsync(account.Request(method, pathAndQuery, body), ct);

    private static string Body(QueueItem item) =>
        new XElement("QueueMessage", new XElement("MessageText", item.EncodedText)).ToString(SaveOptions.DisableFormatting);
}
