using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using AuthFunctions.Tests.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AuthFunctions.Tests.SignOut;

/// <summary>A logout token as a client got it.</summary>
/// <param name="Client">The client, by the path that was asked.</param>
/// <param name="Token">The token.</param>
internal sealed record Told(string Client, string Token)
{
    public JsonElement Claims => OAuthCalls.Decode(Token).Claims;

    public string Sid => Claims.GetProperty("sid").GetString()!;
}

/// <summary>The back ends of clients, on loopback over plain http as in Development; each has its path.</summary>
internal sealed class LogoutReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<Told> told = new();
    private int asked;

    private LogoutReceiver(WebApplication app) => this.app = app;

    /// <summary>How often anything was asked of it.</summary>
    public int Asked => asked;

    /// <summary>How it answers; 200 by default.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = Taken;

    public static async Task<LogoutReceiver> StartAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var receiver = new LogoutReceiver(builder.Build());
        receiver.app.Run(receiver.HandleAsync);
        await receiver.app.StartAsync();
        return receiver;
    }

    /// <summary>Takes the token.</summary>
    public static Task Taken(HttpContext http) => Task.CompletedTask;

    /// <summary>Answers with this status.</summary>
    public static Func<HttpContext, Task> Status(int status) => http =>
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    public string Url(string client) =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/" + client;

    /// <summary>What came since the last time.</summary>
    public List<Told> Take()
    {
        var all = new List<Told>();
        while (told.TryDequeue(out var one))
        {
            all.Add(one);
        }

        return all;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task HandleAsync(HttpContext http)
    {
        Interlocked.Increment(ref asked);
        if (HttpMethods.IsPost(http.Request.Method) && http.Request.HasFormContentType
            && await http.Request.ReadFormAsync() is { Count: 1 } form && form.TryGetValue("logout_token", out var token))
        {
            told.Enqueue(new Told(http.Request.Path.Value![1..], token.ToString()));
        }

        await Answer(http);
    }
}
