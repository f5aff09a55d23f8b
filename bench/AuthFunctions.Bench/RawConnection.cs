using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AuthFunctions.Bench;

/// <summary>
/// One connection that sends ready bytes and reads one answer after the other: as little work a request as can be, since generator and
/// service share the machine.
/// </summary>
internal sealed class RawConnection(int port) : IDisposable
{
    private static readonly byte[] HeadEnd = "\r\n\r\n"u8.ToArray();

    private Socket? socket;
    private byte[] buffer = new byte[64 * 1024];
    private int filled;

    /// <summary>Sends a request and reads its answer. Valid until the next one.</summary>
    public async Task<Answer> SendAsync(ReadOnlyMemory<byte> request)
    {
        var isFresh = socket is null;
        try
        {
            return await ExchangeAsync(request);
        }
        catch (Exception exception) when (exception is SocketException or EndOfStreamException && !isFresh)
        {
            // A server may close a connection between two requests.
            Dispose();
            socket = null;
            return await ExchangeAsync(request);
        }
    }

    public void Dispose() => socket?.Dispose();

    private async Task<Answer> ExchangeAsync(ReadOnlyMemory<byte> request)
    {
        if (socket is null)
        {
            socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, port);
        }

        await socket.SendAsync(request);
        filled = 0;
        int headLength;
        while ((headLength = buffer.AsSpan(0, filled).IndexOf(HeadEnd)) < 0)
        {
            await FillAsync();
        }

        headLength += HeadEnd.Length;
        var head = Encoding.ASCII.GetString(buffer, 0, headLength);
        var status = int.Parse(head.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture);
        var end = head.Contains("\r\nTransfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase)
            ? await ReadChunksAsync(headLength)
            : await ReadLengthAsync(headLength, LengthOf(head, status));
        if (head.Contains("\r\nConnection: close", StringComparison.OrdinalIgnoreCase))
        {
            socket.Dispose();
            socket = null;
        }

        return new Answer(status, head, buffer.AsMemory(headLength, end - headLength));
    }

    private async Task<int> ReadLengthAsync(int from, int length)
    {
        while (filled < from + length)
        {
            await FillAsync();
        }

        return from + length;
    }

    /// <summary>Leaves the chunks as they came; what is looked for in them is never split in answers of this size.</summary>
    private async Task<int> ReadChunksAsync(int from)
    {
        while (true)
        {
            int lineEnd;
            while ((lineEnd = buffer.AsSpan(from, filled - from).IndexOf("\r\n"u8)) < 0)
            {
                await FillAsync();
            }

            if (!Utf8Parser.TryParse(buffer.AsSpan(from, lineEnd), out int size, out _, 'x'))
            {
                throw new InvalidDataException("A chunk has no size.");
            }

            from = await ReadLengthAsync(from, lineEnd + 2 + size + 2);
            if (size == 0)
            {
                return from;
            }
        }
    }

    private async Task FillAsync()
    {
        if (filled == buffer.Length)
        {
            Array.Resize(ref buffer, buffer.Length * 2);
        }

        var read = await socket!.ReceiveAsync(buffer.AsMemory(filled));
        filled += read > 0 ? read : throw new EndOfStreamException();
    }

    private static int LengthOf(string head, int status)
    {
        const string Name = "\r\nContent-Length:";
        var at = head.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
        {
            return status is 204 or 304 ? 0 : throw new InvalidDataException("An answer has no length.");
        }

        var value = head.AsSpan(at + Name.Length);
        return int.Parse(value[..value.IndexOf('\r')], System.Globalization.CultureInfo.InvariantCulture);
    }
}

/// <summary>An answer.</summary>
internal readonly record struct Answer(int Status, string Head, ReadOnlyMemory<byte> Body)
{
    public override string ToString() => Head + Encoding.UTF8.GetString(Body.Span);
}
