using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using AuthFunctions.SigningKeys;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Security.KeyVault.Keys;
using Azure.Security.KeyVault.Keys.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AuthFunctions.Tests.Fixtures;

/// <summary>
/// A Key Vault in a process of its own (tests/AuthFunctions.FakeVault), on a free port, with the keys <c>token-signing</c> (EC) and
/// <c>key-wrapping</c> (RSA) unless told otherwise. Shared by a class as its fixture, or fresh from <see cref="StartAsync"/>. It ends
/// when it is disposed of, and at the latest with this process.
/// </summary>
public sealed class FakeVault : IAsyncLifetime, IAsyncDisposable
{
    public const string SigningKey = "token-signing";
    public const string WrappingKey = "key-wrapping";

    private readonly string certificateFile = Path.Combine(Path.GetTempPath(), $"authfunctions-vault-{Guid.NewGuid():n}.pem");
    private readonly StringWriter errors = new();
    private readonly string[] arguments;
    private Process? process;
    private HttpClient? admin;
    private HttpClient? vault;

    public FakeVault()
        : this([])
    {
    }

    private FakeVault(string[] arguments) => this.arguments = arguments;

    /// <summary>The vault's address: https on loopback.</summary>
    public Uri VaultUri { get; private set; } = null!;

    /// <summary>The identity endpoint's address, without a query.</summary>
    public Uri IdentityEndpoint { get; private set; } = null!;

    /// <summary>What the identity endpoint wants as X-IDENTITY-HEADER.</summary>
    public string IdentityHeader { get; private set; } = null!;

    /// <summary>The certificate that a client must trust.</summary>
    public X509Certificate2 Certificate { get; private set; } = null!;

    /// <summary>Gets tokens that the vault takes.</summary>
    public TokenCredential Credential => new FakeVaultCredential(Admin, IdentityEndpoint, IdentityHeader);

    /// <summary>What another process needs in its environment to use the vault with DefaultAzureCredential.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["IDENTITY_ENDPOINT"] = IdentityEndpoint.AbsoluteUri,
        ["IDENTITY_HEADER"] = IdentityHeader,
        ["SSL_CERT_FILE"] = certificateFile,
    };

    /// <summary>To the switches, and to the identity endpoint.</summary>
    internal HttpClient Admin => admin ?? throw new InvalidOperationException("The vault has not been started.");

    /// <summary>To the vault, without the stand-in between.</summary>
    internal HttpClient Http => vault ?? throw new InvalidOperationException("The vault has not been started.");

    /// <summary>A vault of one's own; the arguments are those of the console program, and keys are made by default.</summary>
    public static async Task<FakeVault> StartAsync(params string[] arguments)
    {
        var made = new FakeVault(arguments);
        await made.InitializeAsync();
        return made;
    }

    public async Task InitializeAsync()
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Program(), "--until-input-ends", "--certificate-file", certificateFile },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var keys = arguments.Contains("--key") ? [] : new[] { "--key", $"{SigningKey}:EC", "--key", $"{WrappingKey}:RSA" };
        foreach (var argument in keys.Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        process = Process.Start(start)!;
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
        process.ErrorDataReceived += (_, line) => errors.WriteLine(line.Data);
        process.BeginErrorReadLine();
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60))
            ?? throw new InvalidOperationException($"The fake vault did not start. It said: {errors}");

        using var said = JsonDocument.Parse(line);
        string Said(string name) => said.RootElement.GetProperty(name).GetString()!;
        VaultUri = new Uri(Said("vault"));
        IdentityEndpoint = new Uri(Said("identity_endpoint"));
        IdentityHeader = Said("identity_header");
        Certificate = X509CertificateLoader.LoadCertificateFromFile(certificateFile);
        admin = new HttpClient { BaseAddress = new Uri(Said("admin")) };
        vault = new HttpClient(Handler()) { BaseAddress = VaultUri };
    }

    /// <summary>Settings of a service whose keys are here.</summary>
    public Dictionary<string, string?> Settings(string source) => new() { ["Keys:Source"] = source, ["Keys:VaultUri"] = VaultUri.AbsoluteUri };

    /// <summary>Has a service come here with the tests' credential, trusting the vault's certificate; all else is as in Azure.</summary>
    public void Connect(IServiceCollection services) => services.Replace(
        ServiceDescriptor.Singleton(new KeyVaultConnection(Credential, new HttpClientTransport(Http))));

    /// <summary>Switches a fault on, until it has met as many requests as it says, or <see cref="ResetAsync"/>.</summary>
    public Task SwitchAsync(VaultFault fault) => PostAsync("/faults", new
    {
        operation = fault.Operation,
        status = fault.Status,
        retry_after = fault.RetryAfter,
        delay_ms = (int)fault.Delay.TotalMilliseconds,
        drop = fault.Drop,
        count = fault.Count,
    });

    /// <summary>Moves the vault's clock: by what created, nbf and exp go. Tokens do not go by it.</summary>
    public Task AdvanceAsync(TimeSpan by) => PostAsync("/clock", new { advance_seconds = (long)by.TotalSeconds });

    /// <summary>Sets the vault's clock.</summary>
    public async Task SetClockAsync(DateTimeOffset now)
    {
        using var clock = await Admin.GetFromJsonAsync<JsonDocument>(new Uri("/clock", UriKind.Relative));
        await AdvanceAsync(now - DateTimeOffset.FromUnixTimeSeconds(clock!.RootElement.GetProperty("now").GetInt64()));
    }

    /// <summary>No faults, and no calls counted.</summary>
    public async Task ResetAsync()
    {
        using var faults = await Admin.DeleteAsync(new Uri("/faults", UriKind.Relative));
        using var calls = await Admin.DeleteAsync(new Uri("/calls", UriKind.Relative));
        faults.EnsureSuccessStatusCode();
        calls.EnsureSuccessStatusCode();
    }

    /// <summary>
    /// How often each operation was asked for with a good token; besides, <c>challenge</c>: requests without one, and <c>token</c>:
    /// tokens given out. What was never asked for is not there.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, int>> CallsAsync() =>
        (await Admin.GetFromJsonAsync<Dictionary<string, int>>(new Uri("/calls", UriKind.Relative)))!;

    /// <summary>A client of the vault. It does not retry unless told to.</summary>
    public KeyClient Keys(Action<KeyClientOptions>? adjust = null) => new(VaultUri, Credential, KeyOptions(adjust));

    /// <summary>Options that trust the certificate, take the challenge of an emulator and do not retry.</summary>
    public KeyClientOptions KeyOptions(Action<KeyClientOptions>? adjust = null)
    {
        var options = new KeyClientOptions { DisableChallengeResourceVerification = true };
        Prepare(options);
        adjust?.Invoke(options);
        return options;
    }

    /// <inheritdoc cref="KeyOptions"/>
    public CryptographyClientOptions CryptographyOptions(Action<CryptographyClientOptions>? adjust = null)
    {
        var options = new CryptographyClientOptions { DisableChallengeResourceVerification = true };
        Prepare(options);
        adjust?.Invoke(options);
        return options;
    }

    /// <summary>A handler that trusts the vault's certificate and no other, and checks the name in it.</summary>
    public SocketsHttpHandler Handler() => new()
    {
        SslOptions = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { Certificate },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        },
    };

    /// <summary>Ends the process's input; true if it then ends by itself.</summary>
    public async Task<bool> EndInputAsync(TimeSpan patience)
    {
        process!.StandardInput.Close();
        using var timeout = new CancellationTokenSource(patience);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
            return process.ExitCode == 0;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        Kill();
        if (process is not null)
        {
            await process.WaitForExitAsync();
            process.Dispose();
        }

        admin?.Dispose();
        vault?.Dispose();
        Certificate?.Dispose();
        File.Delete(certificateFile);
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    // Beside the tests' own output, in the same configuration, where their project reference had it built.
    private static string Program()
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(
            Azurite.RepositoryRoot, "tests", "AuthFunctions.FakeVault", "bin", output.Parent!.Name, output.Name, "AuthFunctions.FakeVault.dll");
    }

    private void Prepare(ClientOptions options)
    {
        options.Transport = new HttpClientTransport(Http);
        options.Retry.MaxRetries = 0;
    }

    private async Task PostAsync(string path, object body)
    {
        using var response = await Admin.PostAsJsonAsync(new Uri(path, UriKind.Relative), body);
        response.EnsureSuccessStatusCode();
    }

    private void OnProcessExit(object? sender, EventArgs e) => Kill();

    private void Kill()
    {
        if (process is { HasExited: false })
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
