using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using AuthFunctions.Clients;

namespace AuthFunctions.Tests.Clients;

/// <summary>A client's own HTTPS server on loopback, with its key set. Counts how often it is asked.</summary>
internal sealed class JwksServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly X509Certificate2 certificate;
    private int asked;

    private JwksServer(WebApplication app, X509Certificate2 certificate) => (this.app, this.certificate) = (app, certificate);

    /// <summary>How often it was asked.</summary>
    public int Asked => asked;

    /// <summary>How it answers.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = http => Task.CompletedTask;

    public Uri Url => new($"https://localhost:{new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port}/jwks");

    /// <summary>Whom a test's service may fetch from: loopback too, and this server's certificate.</summary>
    public ClientPeers Peers => new(_ => true, (_, presented, _, _) => presented?.GetCertHashString() == certificate.GetCertHashString());

    public static async Task<JwksServer> StartAsync(string jwks)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        var server = new JwksServer(builder.Build(), certificate);
        server.Serve(jwks);
        server.app.Run(http =>
        {
            Interlocked.Increment(ref server.asked);
            return server.Answer(http);
        });
        await server.app.StartAsync();
        return server;
    }

    /// <summary>Answers with this from now on.</summary>
    public void Serve(string jwks) => Answer = http => http.Response.WriteAsync(jwks);

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        certificate.Dispose();
    }
}
