using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AuthFunctions.EndToEnd.Fixtures;

/// <summary>All other sites of the web: pages of a test's own, under whatever name under localhost it likes; elsewhere an empty one.</summary>
internal sealed class OtherSites : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly int port;
    private readonly ConcurrentDictionary<string, string> pages = new();

    private OtherSites(WebApplication app, int port) => (this.app, this.port) = (app, port);

    public static async Task<OtherSites> StartAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var sites = new OtherSites(builder.Build(), port);
        sites.app.Run(sites.AnswerAsync);
        await sites.app.StartAsync();
        return sites;
    }

    /// <summary>Publishes a page and returns its address.</summary>
    public string Publish(string host, string body)
    {
        var path = $"/{Guid.NewGuid():N}";
        pages[path] = $"<!doctype html><html lang=\"en\"><link rel=\"icon\" href=\"data:,\"><title>elsewhere</title><body>{body}</body></html>";
        return Origin(host) + path;
    }

    /// <summary>The origin of one of them.</summary>
    public string Origin(string host) => $"http://{host}:{port}";

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private Task AnswerAsync(HttpContext http)
    {
        http.Response.ContentType = "text/html; charset=utf-8";
        return http.Response.WriteAsync(pages.GetValueOrDefault(http.Request.Path.Value!, "<!doctype html><title>empty</title>"));
    }
}
