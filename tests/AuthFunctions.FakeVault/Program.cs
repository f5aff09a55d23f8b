using System.Net;
using System.Text.Json;
using AuthFunctions.FakeVault;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

// The protocol of Key Vault keys over https, and over http what only a test or a laptop needs: tokens, as the App Service identity
// endpoint gives them, and the switches for faults, calls and clock.
if (VaultOptions.Parse(args, Console.Error) is not { } options)
{
    return 2;
}

using var certificate = VaultCertificate.Make(options.Resource.Host);
if (options.CertificateFile is { } file)
{
    await File.WriteAllTextAsync(file, certificate.ExportCertificatePem());
}

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Error);
builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
{
    // HTTP/1.1, where a dropped request takes its connection along.
    kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http1);
    kestrel.Listen(IPAddress.Loopback, options.Port, endpoint => endpoint.UseHttps(certificate));
    kestrel.Listen(IPAddress.Loopback, options.IdentityPort);
});
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower);
builder.Services
    .AddSingleton(options).AddSingleton<VaultClock>().AddSingleton<KeyChain>().AddSingleton<TokenBook>()
    .AddSingleton<FaultBoard>().AddSingleton<CallCounts>().AddSingleton<Gate>();

await using var app = builder.Build();
var keys = app.Services.GetRequiredService<KeyChain>();
foreach (var (name, kind) in options.Keys)
{
    keys.Create(name, kind, operations: null);
}

app.Use(app.Services.GetRequiredService<Gate>().InvokeAsync);
KeyEndpoints.Map(app);
IdentityEndpoint.Map(app);
AdminEndpoints.Map(app);
await app.StartAsync();

var addresses = app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>()
    .Features.Get<IServerAddressesFeature>()!.Addresses;
var identity = addresses.Single(a => a.StartsWith("http:", StringComparison.Ordinal));
Console.WriteLine(JsonSerializer.Serialize(new
{
    vault = addresses.Single(a => a.StartsWith("https:", StringComparison.Ordinal)),
    admin = identity,
    identity_endpoint = identity + "/msi/token",
    identity_header = options.IdentityHeader,
}));

if (options.UntilInputEnds)
{
    _ = Task.Run(async () =>
    {
        while (await Console.In.ReadLineAsync() is not null)
        {
        }

        app.Lifetime.StopApplication();
    });
}

await app.WaitForShutdownAsync();
return 0;
