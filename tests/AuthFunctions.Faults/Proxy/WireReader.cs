using System.Globalization;
using System.Text;

namespace AuthFunctions.Faults.Proxy;

/// <summary>A message of HTTP/1.1, byte for byte as it came.</summary>
/// <param name="Bytes">All of it.</param>
/// <param name="FirstLine">The request line, or the status line.</param>
internal sealed record WireMessage(byte[] Bytes, string FirstLine)
{
    /// <summary>True for a request that may change something.</summary>
    public bool IsWrite => !FirstLine.StartsWith("GET ", StringComparison.Ordinal);
}

/// <summary>Takes messages of HTTP/1.1 off a connection (RFC 9112 §6.3).</summary>
internal sealed class WireReader(Stream stream)
{
    private static readonly byte[] HeadEnd = "\r\n\r\n"u8.ToArray();

    private byte[] buffer = new byte[16 * 1024];
    private int filled;

    /// <summary>The next message; null if the connection ended before one began, or within it.</summary>
    public async Task<WireMessage?> ReadAsync(CancellationToken ct)
    {
        int headLength;
        while ((headLength = buffer.AsSpan(0, filled).IndexOf(HeadEnd) + HeadEnd.Length) < HeadEnd.Length)
        {
            if (!await FillAsync(ct))
            {
                return null;
            }
        }

        var head = Encoding.Latin1.GetString(buffer, 0, headLength).Split("\r\n");
        var length = Header(head, "Transfer-Encoding") is "chunked"
            ? await ChunkedLengthAsync(headLength, ct)
            : headLength + int.Parse(Header(head, "Content-Length") ?? "0", CultureInfo.InvariantCulture);
        while (filled < length)
        {
            if (length < 0 || !await FillAsync(ct))
            {
                return null;
            }
        }

        var message = new WireMessage(buffer[..length], head[0]);
        buffer.AsSpan(length, filled - length).CopyTo(buffer);
        filled -= length;
        return message;
    }

    private static string? Header(string[] head, string name) => head
        .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
        .Select(line => line[(name.Length + 1)..].Trim()).FirstOrDefault();

    /// <summary>Where the last chunk ends; -1 if the connection ends before it. Storage sends no trailers.</summary>
    private async Task<int> ChunkedLengthAsync(int at, CancellationToken ct)
    {
        while (true)
        {
            int lineEnd;
            while ((lineEnd = buffer.AsSpan(at, filled - at).IndexOf("\r\n"u8)) < 0)
            {
                if (!await FillAsync(ct))
                {
                    return -1;
                }
            }

            var size = int.Parse(Encoding.Latin1.GetString(buffer, at, lineEnd).Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            at += lineEnd + 2 + size + 2;
            while (filled < at)
            {
                if (!await FillAsync(ct))
                {
                    return -1;
                }
            }

            if (size == 0)
            {
                return at;
            }
        }
    }

    private async Task<bool> FillAsync(CancellationToken ct)
    {
        if (filled == buffer.Length)
        {
            Array.Resize(ref buffer, 2 * buffer.Length);
        }

        var read = await stream.ReadAsync(buffer.AsMemory(filled), ct);
        filled += read;
        return read > 0;
    }
}
