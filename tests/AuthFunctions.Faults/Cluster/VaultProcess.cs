using System.Net.Http.Json;
using System.Text.Json;

namespace AuthFunctions.Faults.Cluster;

/// <summary>The fake Key Vault (tests/AuthFunctions.FakeVault), whose faults can be switched.</summary>
internal sealed class VaultProcess : IAsyncDisposable
{
    private readonly Child child;
    private readonly HttpClient admin;

    private VaultProcess(Child child, HttpClient admin) => (this.child, this.admin) = (child, admin);

    /// <summary>Settings of an instance whose keys are here.</summary>
    public required IReadOnlyDictionary<string, string?> Settings { get; init; }

    /// <summary>By what an instance finds its identity and trusts the vault.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public static async Task<VaultProcess> StartAsync(string folder)
    {
        var certificate = Path.Combine(folder, "vault.pem");
        var child = Child.Start("the fake vault", "dotnet",
        [
            Repository.Built("AuthFunctions.FakeVault"), "--until-input-ends", "--certificate-file", certificate,
            "--key", "token-signing:EC", "--key", "key-wrapping:RSA",
        ]);
        using var said = JsonDocument.Parse(await child.LineAsync("{"));
        string Said(string name) => said.RootElement.GetProperty(name).GetString()!;
        return new VaultProcess(child, new HttpClient { BaseAddress = new Uri(Said("admin")) })
        {
            Settings = new Dictionary<string, string?> { ["Keys:Source"] = "KeyVault", ["Keys:VaultUri"] = Said("vault") },
            Environment = new Dictionary<string, string>
            {
                ["IDENTITY_ENDPOINT"] = Said("identity_endpoint"),
                ["IDENTITY_HEADER"] = Said("identity_header"),
                ["SSL_CERT_FILE"] = certificate,
            },
        };
    }

    /// <summary>Has every signature meet this, until another is switched on.</summary>
    public async Task SwitchAsync(object fault)
    {
        using var response = await admin.PostAsJsonAsync(new Uri("/faults", UriKind.Relative), fault);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>How many signatures were asked for.</summary>
    public async Task<int> SignaturesAsync() =>
        (await admin.GetFromJsonAsync<Dictionary<string, int>>(new Uri("/calls", UriKind.Relative)))!.GetValueOrDefault("sign");

    /// <summary>No faults any more.</summary>
    public async Task ClearAsync()
    {
        using var response = await admin.DeleteAsync(new Uri("/faults", UriKind.Relative));
        response.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        admin.Dispose();
        await child.DisposeAsync();
    }
}
