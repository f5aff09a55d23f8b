using AuthFunctions.Delivery;
using AuthFunctions.Protocol;
using AuthFunctions.Storage;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.OpenApi;

/// <summary>A request that is ready to be sent, and the browser that it belongs to.</summary>
internal sealed record Call(TestService Service, Browser Browser, HttpRequestMessage Request)
{
    public Task<HttpResponseMessage> SendAsync() => Browser.SendAsync(Request);
}

/// <summary>The services that the calls of a class are made to, each started when it is first needed.</summary>
public sealed class Scene : IAsyncLifetime
{
    /// <summary>A picture of one pixel.</summary>
    private const string Dot = "data:image/png;base64,"
        + "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    private readonly Dictionary<string, TestService> services = [];
    private readonly Action<IServiceCollection> adjustAll;

    public Scene()
        : this(_ => { })
    {
    }

    /// <summary>With something replaced in all of its services.</summary>
    internal Scene(Action<IServiceCollection> adjust) => adjustAll = adjust;

    /// <summary>Those that were started.</summary>
    internal IReadOnlyCollection<TestService> Started => services.Values;

    /// <summary>With the sample's settings.</summary>
    internal Task<TestService> SampleAsync() => ServiceAsync("sample", [], _ => { });

    /// <summary>Where addresses must be confirmed.</summary>
    internal Task<TestService> ConfirmingAsync() => ServiceAsync("confirming", new() { ["Accounts:ConfirmEmail"] = "true" }, _ => { });

    /// <summary>Where each handoff needs a click.</summary>
    internal Task<TestService> AskingAsync() => ServiceAsync("asking", new() { ["Handoff:Confirm"] = "Always" }, _ => { });

    /// <summary>With a logo of its own.</summary>
    internal Task<TestService> BrandedAsync() => ServiceAsync("branded", new() { ["Sites:contoso:Logo"] = Dot }, _ => { });

    /// <summary>With keys that rotate.</summary>
    internal Task<TestService> RotatingAsync() => ServiceAsync("rotating", new() { ["Keys:Source"] = "Development" }, _ => { });

    /// <summary>Where demo-spa wants its claims signed.</summary>
    internal Task<TestService> SigningAsync() => ServiceAsync("signing", new() { ["Clients:0:UserinfoSignedResponseAlg"] = "ES256" }, _ => { });

    /// <summary>Which sends its mails, as outside Development.</summary>
    internal Task<TestService> SendingAsync() => ServiceAsync(
        "sending", [], services => services.Replace(ServiceDescriptor.Singleton<IMailSender, NowhereSender>()));

    /// <summary>Whose keys could never be loaded.</summary>
    internal async Task<TestService> KeylessAsync()
    {
        var service = await ServiceAsync("keyless", [], _ => { });
        service.Keys.LoadFails = new OutageException("signing keys");
        return service;
    }

    /// <summary>Whose shared keys, which seal forms and handoffs, could never be read.</summary>
    internal Task<TestService> RinglessAsync() => ServiceAsync("ringless", [], services => services.Replace(ServiceDescriptor.Singleton<TableFactory>(
        name => new ConfirmingTable(new FaultingTable(new MemoryTable()) { ReadsFail = name == "DataProtection" }))));

    /// <summary>Has all of a service's storage and its key out of reach while something is sent.</summary>
    internal static async Task<HttpResponseMessage> InOutageAsync(TestService service, Func<Task<HttpResponseMessage>> send)
    {
        Set(fails: true);
        try
        {
            return await send();
        }
        finally
        {
            Set(fails: false);
        }

        void Set(bool fails)
        {
            service.Keys.Unreachable = fails;
            foreach (var table in service.Faults.Values)
            {
                (table.ReadsFail, table.NextCommit) = (fails, fails ? Fault.FailBeforeCommit : Fault.None);
            }
        }
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var service in services.Values)
        {
            await service.DisposeAsync();
        }
    }

    private async Task<TestService> ServiceAsync(string name, Dictionary<string, string?> settings, Action<IServiceCollection> adjust) =>
        services.TryGetValue(name, out var started) ? started : services[name] = await StartAsync(settings, adjustAll + adjust);

    private sealed class NowhereSender : IMailSender
    {
        public Task<DeliveryOutcome> SendAsync(OutgoingMail mail, CancellationToken ct) => Task.FromResult<DeliveryOutcome>(new DeliveryOutcome.Done());
    }
}
