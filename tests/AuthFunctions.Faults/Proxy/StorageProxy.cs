using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace AuthFunctions.Faults.Proxy;

/// <summary>Stands between the instances and their storage, on a port that stays, and spoils some of what passes.</summary>
internal sealed class StorageProxy : IDisposable
{
    private static readonly TimeSpan LongerThanAnybodyWaits = TimeSpan.FromSeconds(6);

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ending = new();
    private readonly ConcurrentDictionary<TcpClient, byte> connections = new();
    private readonly Lock guard = new();
    private Random random = new();
    private WireFault[] faults = [];
    private double share;
    private int injected;

    public StorageProxy()
    {
        listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>The port of the storage behind it.</summary>
    public int Target { get; set; }

    /// <summary>How many requests met a fault since they were switched on.</summary>
    public int Injected => injected;

    /// <summary>Has this share of the requests meet one of these faults.</summary>
    public void Switch(double shareOfRequests, int seed, params WireFault[] kinds)
    {
        lock (guard)
        {
            (share, faults, injected, random) = (shareOfRequests, kinds, 0, new Random(seed));
        }
    }

    /// <summary>Lets everything pass.</summary>
    public void Clear()
    {
        lock (guard)
        {
            faults = [];
        }
    }

    /// <summary>Ends all connections: an idle one does not notice by itself that storage has gone, and keeps it from going.</summary>
    public void Cut()
    {
        foreach (var connection in connections.Keys)
        {
            connection.Dispose();
        }
    }

    public void Dispose()
    {
        ending.Cancel();
        listener.Dispose();
        ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await listener.AcceptTcpClientAsync(ending.Token));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The run is over.
        }
    }

    private async Task ServeAsync(TcpClient caller)
    {
        using var near = caller;
        using var far = new TcpClient { NoDelay = true };
        connections[far] = 0;
        try
        {
            caller.NoDelay = true;
            await far.ConnectAsync(IPAddress.Loopback, Target, ending.Token);
            var (requests, answers) = (new WireReader(near.GetStream()), new WireReader(far.GetStream()));
            while (await requests.ReadAsync(ending.Token) is { } request && await PassAsync(request, near.GetStream(), far.GetStream(), answers))
            {
            }
        }
        catch (Exception e) when (e
            is IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // One side is gone; the other is told so by the end of its connection.
        }
        finally
        {
            connections.TryRemove(far, out _);
        }
    }

    /// <summary>Passes one request on and its answer back; false if the connection must end.</summary>
    private async Task<bool> PassAsync(WireMessage request, Stream near, Stream far, WireReader answers)
    {
        var (fault, pause, cut) = Draw();
        switch (fault)
        {
            case WireFault.DropRequest:
                return false;
            case WireFault.Throttle:
                await near.WriteAsync(
                    cut < 0.5 ? Failure("503 Service Unavailable", "ServerBusy") : Failure("429 Too Many Requests", "TooManyRequests"));
                return true;
            case WireFault.DelayRequest:
                await Task.Delay(pause, ending.Token);
                break;
            case WireFault.DuplicateRequest:
                await far.WriteAsync(request.Bytes);
                await answers.ReadAsync(ending.Token);
                break;
        }

        await far.WriteAsync(request.Bytes);
        if (await answers.ReadAsync(ending.Token) is not { } answer)
        {
            return false;
        }

        switch (fault)
        {
            case WireFault.DropAnswer:
                return false;
            case WireFault.Truncate:
                await near.WriteAsync(answer.Bytes.AsMemory(0, (int)(answer.Bytes.Length * cut)));
                return false;
            case WireFault.DelayAnswer:
                await Task.Delay(pause, ending.Token);
                break;
        }

        await near.WriteAsync(fault switch
        {
            WireFault.CommitThenFail => Failure("500 Internal Server Error", "OperationTimedOut"),
            WireFault.DuplicateAnswer => [.. answer.Bytes, .. answer.Bytes],
            _ => answer.Bytes,
        });
        return true;
    }

    private (WireFault Fault, TimeSpan Pause, double Cut) Draw()
    {
        lock (guard)
        {
            if (faults.Length == 0 || random.NextDouble() >= share)
            {
                return default;
            }

            injected++;
            var pause = random.Next(40) == 0 ? LongerThanAnybodyWaits : TimeSpan.FromMilliseconds(Math.Pow(1000, random.NextDouble()));
            return (faults[random.Next(faults.Length)], pause, random.NextDouble());
        }
    }

    private static byte[] Failure(string status, string code)
    {
        var body = JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["odata.error"] = new { code, message = new { lang = "en-US", value = "Injected." } },
        });
        return Encoding.Latin1.GetBytes(
            $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nx-ms-error-code: {code}\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }
}
