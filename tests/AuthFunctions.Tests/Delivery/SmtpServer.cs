using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace AuthFunctions.Tests.Delivery;

/// <summary>As much of an SMTP server (RFC 5321, 3207, 4954) as a mail needs to be taken or refused.</summary>
internal sealed class SmtpServer : IDisposable
{
    private static readonly X509Certificate2 Certificate = NewCertificate();

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentQueue<string> mails = new();
    private readonly ConcurrentQueue<string> commands = new();

    public SmtpServer()
    {
        listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public bool OffersStartTls { get; init; } = true;

    /// <summary>What it answers to RCPT.</summary>
    public string Recipient { get; init; } = "250 OK";

    /// <summary>The mails taken, as sent.</summary>
    public IReadOnlyCollection<string> Mails => mails;

    /// <summary>The commands that came, each with whether it came encrypted.</summary>
    public IReadOnlyCollection<string> Commands => commands;

    /// <summary>Whether a certificate is this server's own: nothing else is to be trusted for its sake.</summary>
    public static bool IsOwn(X509Certificate? certificate) => certificate?.GetCertHashString() == Certificate.GetCertHashString();

    public void Dispose()
    {
        stop.Cancel();
        listener.Dispose();
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await listener.AcceptTcpClientAsync(stop.Token));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var connection = client;
        Stream stream = client.GetStream();
        try
        {
            await SayAsync(stream, "220 ready");
            while (await ReadLineAsync(stream) is { } line)
            {
                var verb = line.Split(' ', ':')[0].ToUpperInvariant();
                commands.Enqueue($"{(stream is SslStream ? "tls" : "plain")} {line}");
                switch (verb)
                {
                    case "EHLO":
                        await SayAsync(stream, OffersStartTls && stream is not SslStream ? "250-here\r\n250 STARTTLS" : "250-here\r\n250-SMTPUTF8\r\n250-8BITMIME\r\n250 AUTH LOGIN");
                        break;
                    case "STARTTLS":
                        await SayAsync(stream, "220 go on");
                        var secure = new SslStream(stream);
                        await secure.AuthenticateAsServerAsync(Certificate);
                        stream = secure;
                        break;
                    case "AUTH":
                        await SayAsync(stream, "334 UGFzc3dvcmQ6");
                        commands.Enqueue("tls password " + Encoding.UTF8.GetString(Convert.FromBase64String((await ReadLineAsync(stream))!)));
                        await SayAsync(stream, "235 welcome");
                        break;
                    case "RCPT":
                        await SayAsync(stream, Recipient);
                        break;
                    case "DATA":
                        await SayAsync(stream, "354 go on");
                        var mail = new StringBuilder();
                        while (await ReadLineAsync(stream) is { } text && text != ".")
                        {
                            mail.Append(text.StartsWith("..", StringComparison.Ordinal) ? text[1..] : text).Append('\n');
                        }

                        mails.Enqueue(mail.ToString());
                        await SayAsync(stream, "250 taken");
                        break;
                    case "QUIT":
                        await SayAsync(stream, "221 bye");
                        return;
                    default:
                        await SayAsync(stream, "250 OK");
                        break;
                }
            }
        }
        catch (IOException)
        {
            // The client left.
        }
    }

    private static Task SayAsync(Stream stream, string line) => stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n")).AsTask();

    /// <summary>Byte by byte: nothing that belongs to TLS may be read ahead.</summary>
    private static async Task<string?> ReadLineAsync(Stream stream)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one) == 1)
        {
            if (one[0] == '\n')
            {
                return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            }

            line.Add(one[0]);
        }

        return null;
    }

    private static X509Certificate2 NewCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }
}
