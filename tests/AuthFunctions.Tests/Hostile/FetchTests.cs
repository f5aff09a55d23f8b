using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Clients;
using AuthFunctions.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Hostile;

/// <summary>
/// Server-side request forgery: the service fetches the key sets that are configured, and from nowhere else, whatever it is told. Somebody listens at
/// every place that it is sent to.
/// </summary>
public sealed class FetchTests : IDisposable
{
    private const int Tries = 600;
    private readonly ClientKeyPair key = new();

    [Fact]
    public async Task Nothing_is_fetched_but_the_key_set_that_is_configured()
    {
        await using var server = await JwksServer.StartAsync(key.Jwks);
        using var trap = new Trap();
        await using var service = await StartAsync(
            new()
            {
                ["Clients:1:JwksUri"] = server.Url.AbsoluteUri,
                ["Clients:1:GrantTypes:2"] = "client_credentials",
            },
            services => services.Replace(ServiceDescriptor.Singleton(server.Peers)));
        using var person = await service.SignedInAsync();
        var random = new Random(20261122);

        // By the configured key set both are taken: the assertion, and the request object.
        Assert.Equal(200, await AssertAsync(service, [], []));
        Assert.Contains("code=", await RequestAsync(person, service, [], []), StringComparison.Ordinal);
        Assert.Equal(1, server.Asked);

        for (var i = 0; i < Tries; i++)
        {
            var (name, place) = (FetchAttack.Names[random.Next(FetchAttack.Names.Length)], FetchAttack.Place(random, trap.Port));
            switch (i % 4)
            {
                case 0:
                    var header = random.Next(3) switch { 0 => "jku", 1 => "x5u", _ => "kid" };
                    await AssertAsync(service, [(header, place)], []);
                    break;

                case 1:
                    await RequestAsync(person, service, [("jku", place)], [(name, place)]);
                    break;

                case 2:
                    using (await person.AuthorizeAsync((name, place)))
                    {
                    }

                    break;

                default:
                    var form = Ceremony.Request((name, place), ("client_id", "demo-web"));
                    using (await person.FormAsync(Contoso + (i % 8 == 3 ? "/par" : "/token"), ("demo-web", "demo-web-secret"), form))
                    {
                    }

                    break;
            }
        }

        Assert.False(trap.HasCaught);

        // Unknown names of keys make it look again, once a minute.
        Assert.InRange(server.Asked, 1, 2);
    }

    [Fact]
    public async Task The_trap_notices_who_comes()
    {
        using var trap = new Trap();
        using var http = new HttpClient { Timeout = TimeSpan.FromMilliseconds(300) };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => http.GetAsync(
            new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{trap.Port}/"))));

        Assert.True(trap.HasCaught);
    }

    public void Dispose() => key.Dispose();

    private async Task<int> AssertAsync(TestService service, (string, string)[] header, (string, string)[] claims)
    {
        using var browser = service.NewBrowser();
        using var response = await browser.FormAsync(
            Contoso + "/token", null, ("grant_type", "client_credentials"),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", Sign(service, "JWT", header, [("sub", "demo-web"), ("jti", Guid.NewGuid().ToString()), .. claims])));
        return (int)response.StatusCode;
    }

    private async Task<string> RequestAsync(Browser person, TestService service, (string, string)[] header, (string Name, string)[] claims)
    {
        var request = Ceremony.Request(("client_id", "demo-web")).Where(r => claims.All(c => c.Name != r.Name));
        var signed = Sign(service, "oauth-authz-req+jwt", header, [.. request, .. claims]);
        using var response = await person.GetAsync($"{Contoso}/authorize?client_id=demo-web&request={signed}");
        return response.Headers.Location?.OriginalString ?? "";
    }

    private string Sign(TestService service, string type, (string Name, string Value)[] header, (string Name, string Value)[] claims)
    {
        var head = new JsonObject { ["alg"] = "ES256", ["typ"] = type, ["kid"] = key.Kid };
        var body = new JsonObject { ["iss"] = "demo-web", ["aud"] = Contoso, ["exp"] = service.Clock.GetUtcNow().ToUnixTimeSeconds() + 60 };
        header.ToList().ForEach(h => head[h.Name] = h.Value);
        claims.ToList().ForEach(c => body[c.Name] = c.Value);
        return key.Sign(head, body);
    }

    /// <summary>Listens on loopback, and answers nobody.</summary>
    private sealed class Trap : IDisposable
    {
        private readonly List<TcpListener> listeners = [];

        public Trap()
        {
            Listen(IPAddress.Loopback, 0);
            Port = ((IPEndPoint)listeners[0].LocalEndpoint).Port;
            if (Socket.OSSupportsIPv6)
            {
                Listen(IPAddress.IPv6Loopback, Port);
            }
        }

        public int Port { get; }

        public bool HasCaught => listeners.Exists(l => l.Pending());

        public void Dispose() => listeners.ForEach(l => l.Dispose());

        private void Listen(IPAddress address, int port)
        {
            var listener = new TcpListener(address, port);
            listener.Start();
            listeners.Add(listener);
        }
    }
}
