using System.Net;
using System.Net.Sockets;
using AuthFunctions.Offline.Functions;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Tests.Offline;

/// <summary>The local Functions host. Kestrel under the host: its options, its port, its end.</summary>
public sealed class HostServerTests : SampleHost
{
    [Fact]
    public async Task The_host_stops_within_two_seconds_though_a_request_is_under_way()
    {
        await using var app = await StartAsync([typeof(SampleWaiting)], builder =>
        {
            builder.ConfigureFunctionsWebApplication();
            builder.Services.AddSingleton<SampleSignals>();
        });
        var request = app.Http.GetAsync(new Uri("/Waiting", UriKind.Relative));
        await app.Host.Services.GetRequiredService<SampleSignals>().Started.Task.WaitAsync(Patience);

        await app.Host.StopAsync().WaitAsync(TimeSpan.FromSeconds(2));

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => request);
    }

    [Fact]
    public async Task Kestrel_follows_the_options_of_the_app()
    {
        await using var app = await StartAsync([typeof(SampleAnswers)], builder =>
        {
            builder.ConfigureFunctionsWebApplication();
            builder.Services.Configure<KestrelServerOptions>(options =>
            {
                options.AddServerHeader = false;
                options.Limits.MaxRequestBodySize = 10;
            });
        });

        using var small = await app.Http.PostAsync(new Uri("/Body", UriKind.Relative), new StringContent("0123456789"));
        using var large = await app.Http.PostAsync(new Uri("/Body", UriKind.Relative), new StringContent("0123456789a"));

        Assert.Empty(small.Headers.Server);
        Assert.Equal("10 bytes", await small.Content.ReadAsStringAsync());
        Assert.Equal("refused: 413", await large.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_server_names_itself_unless_told_otherwise()
    {
        await using var app = await StartAsync([typeof(SampleAnswers)]);

        using var response = await app.SendAsync("GET", "/Nothing");

        Assert.Equal("Kestrel", response.Headers.Server.ToString());
    }

    [Fact]
    public async Task A_client_cannot_send_forwarded_headers_to_a_function()
    {
        await using var app = await StartAsync([typeof(SampleAnswers)]);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/Headers");
        foreach (var part in new[] { "For", "host", "Proto", "Prefix" })
        {
            request.Headers.Add($"X-Forwarded-{part}", "evil.example");
        }

        request.Headers.Add("Forwarded", "for=evil.example");

        using var response = await app.Http.SendAsync(request);

        Assert.Equal("Host", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("seven")]
    [InlineData("-1")]
    [InlineData("65536")]
    public async Task A_port_that_is_none_is_refused_with_its_limits(string port)
    {
        var builder = Builder([], "--port", port);
        builder.ConfigureFunctionsWebApplication();
        using var host = builder.Build();

        var refusal = await Assert.ThrowsAsync<FunctionLoadException>(() => host.StartAsync());

        Assert.Contains($"--port must be 0 to 65535, but is '{port}'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_fails_the_start()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var builder = Builder([], $"--port={port}");
        builder.ConfigureFunctionsWebApplication();
        using var host = builder.Build();

        var refusal = await Assert.ThrowsAsync<IOException>(() => host.StartAsync());

        Assert.Contains($"{port}", refusal.Message, StringComparison.Ordinal);
    }
}
