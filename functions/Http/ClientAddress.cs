using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace AuthFunctions.Http;

/// <summary>Where a request came from, as far as the platform tells. Advisory: it counts failures and is no credential.</summary>
public sealed class ClientAddress(IOptions<ClientAddressOptions> options)
{
    /// <summary>The caller's IPv4 address or IPv6 /64, or null where no header is trusted or it is unreadable.</summary>
    /// <remarks>A household or host has a whole /64; counting single addresses of it would count nothing.</remarks>
    public string? Of(HttpRequest request)
    {
        if (options.Value.Header is not { Length: > 0 } header || request.Headers[header] is not [{ } text]
            || !IPEndPoint.TryParse(text.Trim(), out var endpoint))
        {
            return null;
        }

        var address = endpoint.Address.IsIPv4MappedToIPv6 ? endpoint.Address.MapToIPv4() : endpoint.Address;
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return address.ToString();
        }

        var bytes = address.GetAddressBytes();
        Array.Clear(bytes, 8, 8);
        return new IPAddress(bytes) + "/64";
    }
}
