using System.Net;
using System.Net.Sockets;
using Microsoft.IdentityModel.Tokens;

namespace AuthFunctions.Clients;

/// <summary>
/// Fetches a client's key set (RFC 7517 §5) from its <c>jwks_uri</c>: in two seconds, 64 KiB, without redirects, from public addresses.
/// </summary>
public sealed class JwksFetcher : IDisposable
{
    private const int MaxSize = 64 * 1024;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private readonly HttpClient http;

    /// <summary>Fetches from these peers.</summary>
    public JwksFetcher(JwksPeers peers) => http = new HttpClient(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        MaxResponseHeadersLength = 16,
        ConnectCallback = (context, ct) => ConnectAsync(context.DnsEndPoint, peers, ct),
        SslOptions = { RemoteCertificateValidationCallback = peers.Certificate },
    })
    {
        Timeout = Timeout,
        MaxResponseContentBufferSize = MaxSize,
    };

    /// <summary>The public keys, or why there are none to be had.</summary>
    /// <remarks>Not cancelled with the request that asked: others wait for the same keys, and it ends in two seconds anyway.</remarks>
    public async Task<(IReadOnlyList<SecurityKey>? Keys, string? Fault)> FetchAsync(Uri uri)
    {
        try
        {
            using var response = await http.GetAsync(uri);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return (null, $"status {(int)response.StatusCode}");
            }

            var keys = new JsonWebKeySet(await response.Content.ReadAsStringAsync()).GetSigningKeys();
            return ([.. keys.Where(k => k is not SymmetricSecurityKey)], null);
        }
        catch (Exception exception)
            when (exception is HttpRequestException or OperationCanceledException or ArgumentException or InvalidOperationException)
        {
            // Unreachable, too slow, too large, or no key set.
            return (null, exception.InnerException?.GetType().Name ?? exception.GetType().Name);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    /// <summary>
    /// Connects to an address that was looked at: were the name resolved again for the connection, it could lead elsewhere by then.
    /// </summary>
    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint peer, JwksPeers peers, CancellationToken ct)
    {
        var address = (await Dns.GetHostAddressesAsync(peer.Host, ct)).FirstOrDefault(peers.IsAllowed)
            ?? throw new HttpRequestException("The name has no public address.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, peer.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            throw;
        }
    }
}
