using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AuthFunctions.Tests.Hostile;

/// <summary>An answer as it came over the wire.</summary>
internal sealed record WireReply(int Status, string Head, string Body)
{
    /// <summary>The header lines, in their order.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; } =
        [.. Head.Split("\r\n").Skip(1).Select(l => l.Split(':', 2)).Select(h => (h[0], h.Length == 2 ? h[1].Trim() : ""))];

    /// <summary>The values of a header, joined; null if there is none.</summary>
    public string? Header(string name)
    {
        var values = Headers.Where(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value).ToList();
        return values.Count == 0 ? null : string.Join(", ", values);
    }
}

/// <summary>
/// Sends bytes, whatever they are, and reads answers. Keeps a connection to each port for as long as both sides want it.
/// </summary>
internal sealed class Wire : IDisposable
{
    /// <summary>Longer than any honest answer takes on a busy machine; who waits longer has found something that hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(100);

    private static readonly byte[] Next = "GET /health HTTP/1.1\r\nHost: auth.contoso.localhost:7071\r\nConnection: close\r\n\r\n"u8.ToArray();

    private readonly Dictionary<int, Connection> kept = [];

    /// <summary>The answer; null if the server closed the connection without one.</summary>
    /// <exception cref="TimeoutException">It neither answered nor closed.</exception>
    public async Task<WireReply?> SendAsync(int port, string method, byte[] bytes)
    {
        using var patience = new CancellationTokenSource(Patience);
        var reused = kept.Remove(port, out var connection);
        connection ??= await Connection.OpenAsync(port, patience.Token);
        var reply = await ExchangeAsync(connection, method, bytes, patience.Token);
        if (reply is null && reused && connection.Received == 0)
        {
            // Closed meanwhile, for what was sent before.
            connection.Dispose();
            connection = await Connection.OpenAsync(port, patience.Token);
            reply = await ExchangeAsync(connection, method, bytes, patience.Token);
        }

        if (reply is not null && connection.IsReusable && reply.Header("Connection") != "close")
        {
            kept[port] = connection;
        }
        else
        {
            connection.Dispose();
        }

        return reply;
    }

    /// <summary>
    /// All answers to bytes that are sent on a connection of their own, and whether it was still good for another request after them.
    /// </summary>
    public static async Task<(IReadOnlyList<WireReply> Replies, bool GoesOn)> SendAloneAsync(int port, byte[] bytes)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var connection = await Connection.OpenAsync(port, patience.Token);
        var writing = connection.WriteAsync([.. bytes, .. Next], patience.Token);
        var replies = new List<WireReply>();
        while (true)
        {
            // A server that waits for the rest of a body is told that there is none.
            var reading = connection.ReadAsync("GET", patience.Token);
            if (await Task.WhenAny(reading, Task.Delay(Quiet)) != reading)
            {
                connection.Finish();
            }

            if (await InTimeAsync(reading) is not { } reply)
            {
                await writing;
                return (replies, false);
            }

            if (reply.Status == 200 && reply.Body == """{"status":"ok"}""")
            {
                return (replies, true);
            }

            replies.Add(reply);
        }
    }

    public void Dispose()
    {
        foreach (var connection in kept.Values)
        {
            connection.Dispose();
        }
    }

    private static async Task<WireReply?> ExchangeAsync(Connection connection, string method, byte[] bytes, CancellationToken ct)
    {
        connection.Received = 0;
        var writing = connection.WriteAsync(bytes, ct);
        var reply = await InTimeAsync(connection.ReadAsync(method, ct));
        connection.IsReusable = writing.IsCompletedSuccessfully && await writing && connection.IsEmpty;
        return reply;
    }

    private static async Task<T> InTimeAsync<T>(Task<T> reading)
    {
        try
        {
            return await reading;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"neither answered nor closed within {Patience}");
        }
    }

    private sealed class Connection(Socket socket) : IDisposable
    {
        private readonly byte[] buffer = new byte[16 * 1024];
        private int start;
        private int end;

        /// <summary>How many bytes came since the last request.</summary>
        public int Received { get; set; }

        public bool IsReusable { get; set; }

        /// <summary>True if nothing came that nobody asked for.</summary>
        public bool IsEmpty => start == end;

        public static async Task<Connection> OpenAsync(int port, CancellationToken ct)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, port, ct);
            return new Connection(socket);
        }

        /// <summary>False if the server had closed before it read all.</summary>
        public async Task<bool> WriteAsync(byte[] bytes, CancellationToken ct)
        {
            try
            {
                for (var sent = 0; sent < bytes.Length;)
                {
                    sent += await socket.SendAsync(bytes.AsMemory(sent), ct);
                }

                return true;
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                return false;
            }
        }

        /// <summary>Says that nothing more will come.</summary>
        public void Finish()
        {
            try
            {
                socket.Shutdown(SocketShutdown.Send);
            }
            catch (SocketException)
            {
                // The server was first.
            }
        }

        /// <summary>The next answer, interim ones left out; null at the end.</summary>
        public async Task<WireReply?> ReadAsync(string method, CancellationToken ct)
        {
            while (true)
            {
                if (await HeadAsync(ct) is not { } head || head.Length < 12 || !head.StartsWith("HTTP/1.", StringComparison.Ordinal))
                {
                    return null;
                }

                var reply = new WireReply(int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture), head, "");
                if (reply.Status >= 200)
                {
                    return reply with { Body = method == "HEAD" || reply.Status is 204 or 304 ? "" : await BodyAsync(reply, ct) };
                }
            }
        }

        public void Dispose() => socket.Dispose();

        private async Task<string> BodyAsync(WireReply reply, CancellationToken ct)
        {
            var body = new MemoryStream();
            if (reply.Header("Transfer-Encoding") == "chunked")
            {
                while (await LineAsync(ct) is { } line && int.Parse(line, NumberStyles.HexNumber, CultureInfo.InvariantCulture) is > 0 and var size)
                {
                    await CopyAsync(body, size, ct);
                    await LineAsync(ct);
                }

                await LineAsync(ct);
            }
            else
            {
                var length = reply.Header("Content-Length");
                await CopyAsync(body, length is null ? int.MaxValue : int.Parse(length, CultureInfo.InvariantCulture), ct);
            }

            return Encoding.UTF8.GetString(body.GetBuffer(), 0, (int)body.Length);
        }

        private async Task<string?> HeadAsync(CancellationToken ct)
        {
            var head = new StringBuilder();
            while (await LineAsync(ct) is { } line)
            {
                if (line.Length == 0)
                {
                    return head.ToString(0, Math.Max(0, head.Length - 2));
                }

                head.Append(line).Append("\r\n");
            }

            return null;
        }

        /// <summary>A line without its end; null if none comes any more. In Latin-1, so that no byte is lost.</summary>
        private async Task<string?> LineAsync(CancellationToken ct)
        {
            var line = new StringBuilder();
            while (true)
            {
                var at = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
                line.Append(Encoding.Latin1.GetString(buffer, start, at < 0 ? end - start : at));
                start = at < 0 ? end : start + at + 1;
                if (at >= 0)
                {
                    return line.Length > 0 && line[^1] == '\r' ? line.ToString(0, line.Length - 1) : line.ToString();
                }

                if (!await FillAsync(ct))
                {
                    return null;
                }
            }
        }

        private async Task CopyAsync(MemoryStream to, int count, CancellationToken ct)
        {
            while (count > 0 && (start < end || await FillAsync(ct)))
            {
                var part = Math.Min(count, end - start);
                to.Write(buffer, start, part);
                (start, count) = (start + part, count - part);
            }
        }

        private async Task<bool> FillAsync(CancellationToken ct)
        {
            try
            {
                (start, end) = (0, await socket.ReceiveAsync(buffer, ct));
            }
            catch (SocketException)
            {
                // Reset: the server has said what it had to say, and would not read the rest.
                end = 0;
            }

            Received += end;
            return end > 0;
        }
    }
}
