using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Sessions;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Hostile;

/// <summary>Hundreds of connections that drip (CWE-400: slowloris, slow bodies). It times the others' answers, and so has the machine to itself.</summary>
[Collection(RunsAlone.Name)]
public sealed class SlowBodyTests(SharedService shared) : IClassFixture<SharedService>
{
    private const int Each = 100;

    /// <summary>Kestrel's limits: 240 bytes a second after five seconds for a body, and what the machine takes besides.</summary>
    private static readonly TimeSpan BodyPatience = TimeSpan.FromSeconds(25);

    private static readonly TimeSpan Prompt = TimeSpan.FromSeconds(5);

    private readonly TestService service = shared.Service;

    [Fact]
    public async Task Connections_that_drip_are_given_up_and_others_are_answered_meanwhile()
    {
        using var person = await service.SignedInAsync();
        var login = "POST /login HTTP/1.1\r\nHost: auth.contoso.localhost:7071\r\nContent-Type: application/json\r\n";
        var token = "POST /token HTTP/1.1\r\nHost: auth.contoso.localhost:7071\r\nContent-Type: application/x-www-form-urlencoded\r\n";
        using var stop = new CancellationTokenSource();
        var bodies = Enumerable.Range(0, Each).SelectMany(_ => new[]
        {
            DripAsync(login + "Content-Length: 5000\r\n\r\n{", " ", stop.Token),
            DripAsync(token + "Content-Length: 5000\r\n\r\na=", "b", stop.Token),
            DripAsync(token + "Transfer-Encoding: chunked\r\n\r\n", "1\r\nb\r\n", stop.Token),
        }).ToList();
        var heads = Enumerable.Range(0, Each).Select(_ => DripAsync(login, "X", stop.Token)).ToList();

        var started = Stopwatch.StartNew();
        var others = 0;
        while (!bodies.TrueForAll(b => b.IsCompleted))
        {
            Assert.True(started.Elapsed < BodyPatience, $"{bodies.Count(b => !b.IsCompleted)} still drip");
            var asked = Stopwatch.GetTimestamp();
            using var session = await person.GetAsync(Contoso + "/session?fresh=1");
            using var signedIn = await service.SignedInAsync();
            Assert.Equal(200, (int)session.StatusCode);
            Assert.InRange(Stopwatch.GetElapsedTime(asked), TimeSpan.Zero, Prompt);
            others++;
            await Task.Delay(50);
        }

        Assert.True(others > 10, $"{others} others were answered");
        Assert.All(
            await Task.WhenAll(bodies),
            answer => Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 408 ", StringComparison.Ordinal), answer));
        Assert.Contains(bodies, b => b.Result.Length > 0);
        await stop.CancelAsync();
        await Task.WhenAll(heads);
        Assert.DoesNotContain(
            service.Log.Lines, l => l.StartsWith("Error", StringComparison.Ordinal) && !l.Contains("The queue of Deliver", StringComparison.Ordinal));
    }

    /// <summary>Sends a start, and then a little now and then until the server has enough of it: what it says then.</summary>
    private async Task<string> DripAsync(string start, string drop, CancellationToken stop)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, service.Port, stop);
            await socket.SendAsync(Encoding.ASCII.GetBytes(start), stop);
            var buffer = new byte[4096];
            var reading = socket.ReceiveAsync(buffer, stop).AsTask();
            while (await Task.WhenAny(reading, Task.Delay(500, stop)) != reading)
            {
                await socket.SendAsync(Encoding.ASCII.GetBytes(drop), stop);
            }

            return Encoding.ASCII.GetString(buffer, 0, await reading);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            return "";
        }
    }
}
