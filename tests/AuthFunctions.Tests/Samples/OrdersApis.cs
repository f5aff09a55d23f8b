using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Tokens;

namespace AuthFunctions.Tests.Samples;

/// <summary>Both samples beside a service on Azurite, for all tests of a collection. Its clock shows the machine's time, by which the samples go.</summary>
[CollectionDefinition(Name)]
public sealed class OrdersApis : IAsyncLifetime, ICollectionFixture<OrdersApis>
{
    public const string Name = "orders APIs";

    internal TestService Service { get; private set; } = null!;

    internal OrdersApi Dotnet { get; private set; } = null!;

    internal OrdersApi Node { get; private set; } = null!;

    internal OrdersApi this[string kind] => kind == OrdersApi.Dotnet ? Dotnet : Node;

    /// <summary>demo-spa and demo-device may ask for the orders API; demo-machine is on both sites and may write too.</summary>
    internal static Dictionary<string, string?> Settings { get; } = ExchangeCeremony.Settings(
        ("Clients:2:Scopes:1", "orders.write"),
        ("Clients:2:Sites:1", "fabrikam"),
        ("Clients:4:Resources:0", ExchangeCeremony.Orders),
        ("Clients:4:Scopes:4", "orders.read"));

    public async Task InitializeAsync()
    {
        Service = await TestService.StartOnAzuriteAsync(Settings, new ManualClock(DateTimeOffset.UtcNow));
        var both = await Task.WhenAll(OrdersApi.StartAsync(OrdersApi.Dotnet, Service), OrdersApi.StartAsync(OrdersApi.Node, Service));
        (Dotnet, Node) = (both[0], both[1]);
    }

    public async Task DisposeAsync()
    {
        await Dotnet.DisposeAsync();
        await Node.DisposeAsync();
        await Service.DisposeAsync();
    }

    /// <summary>An access token of demo-machine for the orders API, as it would be now.</summary>
    internal Task<string> MachineTokenAsync(string scope = "orders.read orders.write")
    {
        Service.Clock.Advance(DateTimeOffset.UtcNow - Service.Clock.GetUtcNow());
        return Service.ClientTokenAsync(OAuthCalls.Machine, ("resource", ExchangeCeremony.Orders), ("scope", scope));
    }

    /// <summary>The token with something changed, signed anew: by the service's own key unless told otherwise.</summary>
    internal string Resign(string token, Action<JsonObject, JsonObject> spoil, Func<byte[], byte[]>? sign = null)
    {
        var parts = token.Split('.');
        var (header, claims) = (Read(parts[0]), Read(parts[1]));
        spoil(header, claims);
        var input = $"{Write(header)}.{Write(claims)}";
        sign ??= bytes => Service.Keys.Private.SignData(bytes, HashAlgorithmName.SHA256);
        return $"{input}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(input)))}";

        static JsonObject Read(string part) => JsonNode.Parse(Base64Url.DecodeFromChars(part))!.AsObject();
        static string Write(JsonObject json) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(json));
    }
}
