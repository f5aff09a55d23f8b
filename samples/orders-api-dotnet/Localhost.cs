using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace OrdersApi;

/// <summary>
/// For the demo alone. Browsers take every name under <c>localhost</c> for this machine, over plain http too; .NET does not. Any other issuer
/// is left as strict as it was.
/// </summary>
internal static class Localhost
{
    public static void Allow(JwtBearerOptions options)
    {
        if (!new Uri(options.Authority!).Host.EndsWith(".localhost", StringComparison.Ordinal))
        {
            return;
        }

        options.RequireHttpsMetadata = false;
        options.BackchannelHttpHandler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, ct) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, ct);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
    }
}
