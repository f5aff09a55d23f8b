using AuthFunctions.Account;
using AuthFunctions.Authorize;
using AuthFunctions.Clients;
using AuthFunctions.Delivery;
using AuthFunctions.Device;
using AuthFunctions.Discovery;
using AuthFunctions.Events;
using AuthFunctions.Handoff;
using AuthFunctions.Http;
using AuthFunctions.Manage;
using AuthFunctions.Outbox;
using AuthFunctions.Pages;
using AuthFunctions.Sessions;
using AuthFunctions.SignIn;
using AuthFunctions.SigningKeys;
using AuthFunctions.Sites;
using AuthFunctions.Storage;
using AuthFunctions.Telemetry;
using AuthFunctions.Tokens;
using AuthFunctions.Users;
using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Queues;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AuthFunctions;

/// <summary>The composition root. The folders in the order of their layers are the table of contents.</summary>
public static class Program
{
    public static void Main(string[] args)
    {
        using var host = Build(args);
        host.Run();
    }

    /// <summary>Builds the service. <paramref name="adjust"/> is for tests, which replace the clock, the tables or a setting.</summary>
    public static IHost Build(string[] args, Action<FunctionsApplicationBuilder>? adjust = null)
    {
        var builder = FunctionsApplication.CreateBuilder(args);
        builder.ConfigureFunctionsWebApplication();
        builder.UseMiddleware<RequestMiddleware>();

        builder.Services.AddSingleton(TimeProvider.System);

        // ASP.NET Core logs each request with its query, and URLs here carry handoff tokens and confirmation links. With this logger off it
        // does not begin an activity for each either.
        builder.Services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None));

        // It writes an Error, with its stack, for each form that a stranger forges; the refusal has a line of its own.
        builder.Services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.None));
        builder.Services
            .AddTelemetry()
            .AddStorage(OpenTables, OpenOutbox)
            .AddSites()
            .AddHttp()
            .AddEvents()
            .AddOutbox()
            .AddClients()
            .AddUsers()
            .AddSigningKeys()
            .AddSessions()
            .AddTokens()
            .AddPages()
            .AddSignIn()
            .AddAuthorize()
            .AddDevice()
            .AddDiscovery()
            .AddHandoff()
            .AddAccount()
            .AddManage()
            .AddDelivery();

        adjust?.Invoke(builder);
        return builder.Build();
    }

    /// <summary>Azure tables, or Azurite's, each behind the check of limits and of lost responses.</summary>
    private static TableFactory OpenTables(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<StorageOptions>>().Value;
        var client = new TableClientOptions();

        // A person waits: one slow or failed try, then two quick ones.
        client.Retry.Mode = RetryMode.Exponential;
        client.Retry.MaxRetries = 2;
        client.Retry.Delay = TimeSpan.FromMilliseconds(100);
        client.Retry.MaxDelay = TimeSpan.FromSeconds(1);
        client.Retry.NetworkTimeout = TimeSpan.FromSeconds(5);
        var account = options.TableUri is { } uri
            ? new TableServiceClient(uri, new DefaultAzureCredential(), client)
            : new TableServiceClient(options.ConnectionString, client);
        return name => new ConfirmingTable(new MeasuredTable(new AzureTable(account.GetTableClient(name)), name));
    }

    /// <summary>The queue that wakes the delivery. A person waits here too, and a message that is lost is made up for.</summary>
    private static AzureQueue OpenOutbox(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<StorageOptions>>().Value;

        // A version that emulators speak; the trigger in the Functions host reads base64.
        var client = new QueueClientOptions(QueueClientOptions.ServiceVersion.V2020_12_06) { MessageEncoding = QueueMessageEncoding.Base64 };
        client.Retry.MaxRetries = 1;
        client.Retry.Delay = TimeSpan.FromMilliseconds(100);
        client.Retry.NetworkTimeout = TimeSpan.FromSeconds(2);
        return new AzureQueue(options.QueueUri is { } uri
            ? new QueueClient(new Uri($"{uri.AbsoluteUri.TrimEnd('/')}/{QueueNames.Outbox}"), new DefaultAzureCredential(), client)
            : new QueueClient(options.ConnectionString, QueueNames.Outbox, client));
    }
}
