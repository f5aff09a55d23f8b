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
        var status = int.Parse(buffer.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture);
        var isLast = HasHeader(headLength, "Connection"u8, "close"u8);
        var end = HasHeader(headLength, "Transfer-Encoding"u8, "chunked"u8)
            ? await ReadChunksAsync(headLength)
            : await ReadLengthAsync(headLength, LengthOf(headLength, status));
        if (isLast)
        {
            socket.Dispose();
            socket = null;
        }

        return new Answer(status, buffer.AsMemory(0, headLength), buffer.AsMemory(headLength, end - headLength));
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

    private int LengthOf(int headLength, int status) =>
        Utf8Parser.TryParse(Header(headLength, "Content-Length"u8), out int length, out _) ? length
        : status is 204 or 304 ? 0
        : throw new InvalidDataException("An answer has no length.");

    private bool HasHeader(int headLength, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        Ascii.EqualsIgnoreCase(Header(headLength, name), value);

    /// <summary>The value of a header line; nothing if there is none.</summary>
    private ReadOnlySpan<byte> Header(int headLength, ReadOnlySpan<byte> name)
    {
        var rest = buffer.AsSpan(0, headLength);
        for (var lineEnd = rest.IndexOf("\r\n"u8); lineEnd >= 0; lineEnd = rest.IndexOf("\r\n"u8))
        {
            var line = rest[..lineEnd];
            if (line.Length > name.Length && line[name.Length] == ':' && Ascii.EqualsIgnoreCase(line[..name.Length], name))
            {
                return line[(name.Length + 1)..].Trim((byte)' ');
            }

            rest = rest[(lineEnd + 2)..];
        }

        return [];
    }
}

/// <summary>An answer.</summary>
internal readonly record struct Answer(int Status, ReadOnlyMemory<byte> HeadBytes, ReadOnlyMemory<byte> Body)
{
    public string Head => Encoding.ASCII.GetString(HeadBytes.Span);

    public override string ToString() => Head + Encoding.UTF8.GetString(Body.Span);
}
