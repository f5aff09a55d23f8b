using System.Net;
using System.Net.Sockets;

namespace AuthFunctions.Clients;

/// <summary>What a client's server answered.</summary>
/// <param name="Status">The status, or null if there is no answer within the limits.</param>
/// <param name="Body">The body.</param>
/// <param name="Fault">Why there is no answer, for logs; else null.</param>
public sealed record ClientAnswer(HttpStatusCode? Status, string Body, string? Fault);

/// <summary>
/// Requests to servers that clients name, for key sets and logout notices: without redirects, cookies or proxy, to public addresses, with an answer
/// of at most 64 KiB in the time that is given.
/// </summary>
public sealed class ClientHttp : IDisposable
{
    private const int MaxSize = 64 * 1024;

    private readonly HttpClient http;

    /// <summary>Reaches these peers.</summary>
    public ClientHttp(ClientPeers peers) => http = new HttpClient(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        MaxResponseHeadersLength = 16,
        ConnectCallback = (context, ct) => ConnectAsync(context, peers, ct),
        SslOptions = { RemoteCertificateValidationCallback = peers.Certificate },
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = MaxSize,
    };

    /// <summary>The answer, or why there is none: unreachable, too slow, too large.</summary>
    public async Task<ClientAnswer> SendAsync(HttpRequestMessage request, TimeSpan patience, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(patience);
        try
        {
            using var response = await http.SendAsync(request, limit.Token);
            return new ClientAnswer(response.StatusCode, await response.Content.ReadAsStringAsync(limit.Token), null);
        }
        catch (Exception exception) when (exception is HttpRequestException or InvalidOperationException
            || (exception is OperationCanceledException && !ct.IsCancellationRequested))
        {
            // A body in an encoding that nobody knows is an InvalidOperationException.
            return new ClientAnswer(null, "", exception.InnerException?.GetType().Name ?? exception.GetType().Name);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    /// <summary>
    /// Connects to an address that was looked at: were the name resolved again for the connection, it could lead elsewhere by then.
    /// </summary>
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, ClientPeers peers, CancellationToken ct)
    {
        // Plain http passes the settings' validation in Development alone, and to loopback alone.
        var isLocal = context.InitialRequestMessage.RequestUri!.Scheme == Uri.UriSchemeHttp;
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, ct);
        var address = addresses.FirstOrDefault(a => isLocal ? IPAddress.IsLoopback(a) : peers.IsAllowed(a))
            ?? throw new HttpRequestException("The name has no public address.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, context.DnsEndPoint.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            throw;
        }
    }
}
