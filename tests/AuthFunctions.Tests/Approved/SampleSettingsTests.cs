using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AuthFunctions.Clients;
using AuthFunctions.Tests.Fixtures;
using Microsoft.Extensions.Configuration;

namespace AuthFunctions.Tests.Approved;

/// <summary>local.settings.sample.json says nothing that nobody reads, and has the demo clients that README and scripts go by.</summary>
public class SampleSettingsTests
{
    /// <summary>What the Functions host and its tools read.</summary>
    private static readonly string[] OfTheHost = ["AZURE_FUNCTIONS_ENVIRONMENT", "FUNCTIONS_WORKER_RUNTIME", "AzureWebJobsStorage"];

    private static readonly string[] User = ["openid", "profile", "email", "offline_access"];
    private static readonly string[] Both = ["contoso", "fabrikam"];
    private static readonly string[] Callbacks = ["http://app.contoso.localhost:5173/callback", "http://app.fabrikam.localhost:5173/callback"];

    private static IConfigurationRoot Sample
    {
        get
        {
            using var sample = JsonDocument.Parse(File.ReadAllText(Path.Combine(Azurite.RepositoryRoot, "local.settings.sample.json")));
            return new ConfigurationBuilder().AddInMemoryCollection(sample.RootElement.GetProperty("Values").EnumerateObject()
                .Select(v => KeyValuePair.Create(v.Name.Replace("__", ":", StringComparison.Ordinal), v.Value.GetString()))).Build();
        }
    }

    public static TheoryData<string, string[], string?, string[], string[], string[]> DemoClients => new()
    {
        { "demo-spa", Both, null, User, Callbacks, [] },
        { "demo-web", Both, "demo-web-secret", User, Callbacks, [] },
        { "demo-machine", ["contoso"], "demo-machine-secret", ["orders.read"], [], ["https://orders.example"] },
        { "demo-operator", ["contoso"], "demo-operator-secret", ["auth.manage"], [], [] },
        { "demo-device", ["contoso"], null, User, [], [] },
        { "demo-partner", ["contoso"], null, User, ["http://127.0.0.1/callback"], [] },
    };

    [Fact]
    public void Every_key_is_a_setting() =>
        Assert.Empty(Unknown(Sample.AsEnumerable().Where(s => s.Value is not null).Select(s => s.Key)));

    [Theory]
    [InlineData("Handoff:Confrim")]
    [InlineData("Sites:contoso:Isuer")]
    [InlineData("Clients:0:Scope:0")]
    [InlineData("Client:0:ClientId")]
    [InlineData("Something")]
    public void A_key_that_nobody_reads_is_found(string key) => Assert.Equal([key], Unknown([key, "Handoff:Confirm", "Clients:7:Scopes:3"]));

    [Fact]
    public void The_demo_clients_are_all_and_no_other() => Assert.Equal(
        DemoClients.Select(row => (string)row[0]).Order(StringComparer.Ordinal), Clients().Select(c => c.ClientId).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(DemoClients))]
    public void A_demo_client_may_what_it_is_for(string id, string[] sites, string? secret, string[] scopes, string[] redirectUris, string[] resources)
    {
        var client = Clients().Single(c => c.ClientId == id);

        Assert.Equal(sites, client.Sites);
        Assert.Equal(secret is null ? [] : [Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(secret)))], client.SecretHashes);
        Assert.Equal(scopes, client.Scopes);
        Assert.Equal(redirectUris, client.RedirectUris);
        Assert.Equal(resources, client.Resources);
        Assert.Null(client.Jwks);
    }

    private static ClientsOptions Clients() => Sample.GetSection(ClientsOptions.Section).Get<ClientsOptions>()!;

    private static IEnumerable<string> Unknown(IEnumerable<string> keys)
    {
        var known = Contract.Settings.Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
        return keys.Where(key => !OfTheHost.Contains(key, StringComparer.Ordinal) && !Shapes(key.Split(':')).Any(known.Contains));
    }

    /// <summary>How a key may be told in general: with its name or number as a placeholder, and without its place in a list.</summary>
    private static IEnumerable<string> Shapes(string[] parts)
    {
        parts = parts.Length > 2 && parts[^1].All(char.IsAsciiDigit) ? parts[..^1] : parts;
        yield return string.Join(':', parts);
        if (parts.Length == 3)
        {
            yield return $"{parts[0]}:{(parts[1].All(char.IsAsciiDigit) ? "{n}" : "{name}")}:{parts[2]}";
        }
    }
}
