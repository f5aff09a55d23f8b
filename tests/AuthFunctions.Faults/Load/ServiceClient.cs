using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using AuthFunctions.Faults.Cluster;
using Microsoft.Net.Http.Headers;

namespace AuthFunctions.Faults.Load;

/// <summary>Reaches the service at whichever instance, by the host names of its sites.</summary>
internal sealed class ServiceClient(Deployment deployment) : IDisposable
{
    public const string Contoso = "http://auth.contoso.localhost:7071";
    public const string Fabrikam = "http://auth.fabrikam.localhost:7071";

    private readonly HttpClient[] clients = [.. deployment.Instances.Select(Client)];

    /// <summary>How many requests were sent.</summary>
    public int Sent => sent;

    /// <summary>How many of them got no answer, or one that says nothing of what was done.</summary>
    public int Unanswered => unanswered;

    private int sent;
    private int unanswered;

    /// <summary>Sends a request once, to this instance or to any.</summary>
    public async Task<Reply> SendAsync(HttpRequestMessage request, int? instance = null)
    {
        Interlocked.Increment(ref sent);
        var reply = Reply.None;
        try
        {
            using var response = await clients[instance ?? Random.Shared.Next(clients.Length)].SendAsync(request);
            reply = await ReadAsync(response);
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or IOException or OperationCanceledException or JsonException)
        {
            // The instance died, at whatever point of the way, or the answer was cut off.
        }
        finally
        {
            request.Dispose();
        }

        if (reply.IsUnknown)
        {
            Interlocked.Increment(ref unanswered);
        }

        return reply;
    }

    public void Dispose() => Array.ForEach(clients, c => c.Dispose());

    private static async Task<Reply> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        var isJson = response.Content.Headers.ContentType?.MediaType is "application/json" or "application/problem+json";
        var cookies = response.Headers.TryGetValues("Set-Cookie", out var set) ? SetCookieHeaderValue.ParseList([.. set]) : [];
        return new Reply(
            (int)response.StatusCode, isJson ? JsonElement.Parse(text) : default, response.Headers.Location?.OriginalString, [.. cookies]);
    }

    private static HttpClient Client(Instance instance) => new(new SocketsHttpHandler
    {
        UseCookies = false,
        AllowAutoRedirect = false,
        ConnectCallback = async (_, ct) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, instance.Port, ct);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    })
    {
        Timeout = TimeSpan.FromSeconds(40),
    };
}
