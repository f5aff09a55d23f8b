using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AuthFunctions.Tests.Properties;

/// <summary>A request as bytes: what no HTTP client would send, a stranger with a socket may.</summary>
/// <param name="Method">The method.</param>
/// <param name="Target">The request target, query included.</param>
/// <param name="Host">The Host header.</param>
/// <param name="Headers">The other headers. Line breaks are left out: they would make another request of it.</param>
/// <param name="Body">The body; Content-Length tells its true length.</param>
internal sealed record RawRequest(string Method, byte[] Target, byte[] Host, IReadOnlyList<(string Name, byte[] Value)> Headers, byte[] Body)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>True if nothing about the head keeps a server from reading it.</summary>
    public bool IsPlain => Target.Length < 4000
        && Headers.Select(h => h.Value).Append(Target).Append(Host).All(v => v.Length < 4000 && v.All(b => b is >= 0x20 and < 0x7F));

    /// <summary>The answer; null if the server closed the connection without one.</summary>
    public async Task<RawAnswer?> SendAsync(int port)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port, patience.Token);
        using var stream = new NetworkStream(socket);
        var received = new MemoryStream();
        try
        {
            await stream.WriteAsync(Bytes(), patience.Token);
            await stream.CopyToAsync(received, patience.Token);
        }
        catch (IOException)
        {
            // The server has said what it had to say and closed, before it read all.
        }

        return RawAnswer.Parse(Encoding.Latin1.GetString(received.ToArray()));
    }

    /// <summary>What went over the wire, for a message.</summary>
    public override string ToString() => Encoding.Latin1.GetString(Bytes());

    private byte[] Bytes()
    {
        var bytes = new MemoryStream();
        Write($"{Method} ");
        bytes.Write(OneLine(Target));
        Write(" HTTP/1.1\r\nHost: ");
        bytes.Write(OneLine(Host));
        foreach (var (name, value) in Headers)
        {
            Write($"\r\n{name}: ");
            bytes.Write(OneLine(value));
        }

        Write(string.Create(CultureInfo.InvariantCulture, $"\r\nContent-Length: {Body.Length}\r\nConnection: close\r\n\r\n"));
        bytes.Write(Body);
        return bytes.ToArray();

        void Write(string text) => bytes.Write(Encoding.Latin1.GetBytes(text));
    }

    private static byte[] OneLine(byte[] bytes) => [.. bytes.Where(b => b is not ((byte)'\r' or (byte)'\n'))];
}

/// <summary>An answer, as far as properties look at it.</summary>
internal sealed record RawAnswer(int Status, string Head, string Body)
{
    private static readonly string[] Secrets = ["__Host-sid=sid_", "__Host-rt=rt_", "-at=ey", "-check=check_"];

    /// <summary>True if it makes somebody signed in.</summary>
    public bool SetsSession => Head.Split("\r\n").Any(line => line.StartsWith("Set-Cookie:", StringComparison.OrdinalIgnoreCase)
        && Secrets.Any(secret => line.Contains(secret, StringComparison.Ordinal)));

    public static RawAnswer? Parse(string text)
    {
        if (text.Length < 12 || !text.StartsWith("HTTP/1.", StringComparison.Ordinal))
        {
            return null;
        }

        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return new RawAnswer(
            int.Parse(text.AsSpan(9, 3), CultureInfo.InvariantCulture), end < 0 ? text : text[..end], end < 0 ? "" : text[(end + 4)..]);
    }
}
