using System.Collections;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AuthFunctions.Tests.Infra;

/// <summary>What must hold of the app settings that infra/ gives the site. Each rule returns what does not, as sentences.</summary>
internal static class SettingsRules
{
    /// <summary>Settings that the platform and its libraries read.</summary>
    private static readonly string[] Platform =
    [
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "APPLICATIONINSIGHTS_CONNECTION_STRING", "AZURE_CLIENT_ID", "AzureWebJobsDisableHomepage",
        "AzureWebJobsStorage__blobServiceUri", "AzureWebJobsStorage__clientId", "AzureWebJobsStorage__credential", "AzureWebJobsStorage__queueServiceUri",
        "AzureWebJobsStorage__tableServiceUri", "DOTNET_GCgen0size",
    ];

    /// <summary>The service's own settings that stand in every deployment, with the defaults of the parameters. The other ones are the operator's.</summary>
    private static readonly string[] Always =
    [
        "Storage__TableUri=<account.properties.primaryEndpoints.table>", "Storage__QueueUri=<account.properties.primaryEndpoints.queue>",
        "Keys__Source=KeyVault", "Keys__VaultUri=<vault.properties.vaultUri>",
        "Keys__SigningKeyName=token-signing", "Keys__WrappingKeyName=key-wrapping", "ClientAddress__Header=CLIENT-IP",
        "Handoff__Confirm=WhenUnprompted",
    ];

    private static readonly Dictionary<string, Type> Sections = typeof(Program).Assembly.GetTypes()
        .Where(t => t.GetField("Section", BindingFlags.Public | BindingFlags.Static) is not null)
        .ToDictionary(t => (string)t.GetField("Section")!.GetRawConstantValue()!, StringComparer.Ordinal);

    public static IEnumerable<string> Names(InfraFacts infra) =>
    [
        .. infra.Settings.Where(s => !Platform.Contains(s.Key) && !IsKnown(s.Key)).Select(s => $"nothing reads the setting {s.Key}"),
        .. infra.Settings.GroupBy(s => s.Key, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1).Select(g => $"{g.Key} is set twice"),
        // What the platform of an app on Linux takes as a name.
        .. infra.Settings.Where(s => !s.Key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.')).Select(s => $"no setting can be named {s.Key}"),
    ];

    public static IEnumerable<string> Values(InfraFacts infra)
    {
        var settings = infra.Settings.Select(s => $"{s.Key}={s.Value}").ToList();
        return
        [
            .. Always.Except(settings, StringComparer.Ordinal).Select(s => $"missing: {s}"),
            .. Platform.Except(infra.Settings.Select(s => s.Key), StringComparer.Ordinal).Select(s => $"missing: {s}"),
            .. infra.Settings.Where(s => s.Value.Contains("AccountKey=", StringComparison.Ordinal) || s.Key is "AzureWebJobsStorage" or "Storage__ConnectionString")
                .Select(s => $"{s.Key} holds a key"),
        ];
    }

    /// <summary>The service itself, in a production environment, says whether it would start with these settings.</summary>
    public static IEnumerable<string> Validity(InfraFacts infra)
    {
        var values = infra.Settings
            .ToDictionary(
                s => s.Key.Replace("__", ":", StringComparison.Ordinal),
                s => s.Value switch
                {
                    "<account.properties.primaryEndpoints.table>" => "https://account.table.core.windows.net/",
                    "<account.properties.primaryEndpoints.queue>" => "https://account.queue.core.windows.net/",
                    "<vault.properties.vaultUri>" => "https://vault.vault.azure.net/",
                    _ when s.Value.StartsWith("@Microsoft.KeyVault(", StringComparison.Ordinal) => "what the platform puts in its place",
                    _ => (string?)s.Value,
                },
                StringComparer.OrdinalIgnoreCase);
        using var host = Program.Build(["--environment", "Production"], builder =>
        {
            builder.Configuration.Sources.Clear();
            builder.Configuration.AddInMemoryCollection(values);
        });
        return [.. Sections.Values.SelectMany(t => Faults(host.Services, t))];
    }

    private static IEnumerable<string> Faults(IServiceProvider services, Type options)
    {
        try
        {
            _ = typeof(IOptions<>).MakeGenericType(options).GetProperty("Value")!.GetValue(services.GetRequiredService(typeof(IOptions<>).MakeGenericType(options)));
            return [];
        }
        catch (TargetInvocationException e) when (e.InnerException is OptionsValidationException faults)
        {
            return faults.Failures;
        }
        catch (TargetInvocationException e) when (e.InnerException is InvalidOperationException unreadable)
        {
            return [unreadable.Message];
        }
    }

    private static bool IsKnown(string setting)
    {
        var parts = setting.Split("__");
        var type = Sections.GetValueOrDefault(parts[0]);
        foreach (var part in parts[1..])
        {
            type = type is null ? null
                : ElementOf(type, typeof(IDictionary<,>)) is { } value ? value[1]
                : ElementOf(type, typeof(IList<>)) is { } item ? (int.TryParse(part, out _) ? item[0] : null)
                : type.GetProperty(part)?.PropertyType;
        }

        return type is not null && (type == typeof(string) || !typeof(IEnumerable).IsAssignableFrom(type));
    }

    private static Type[]? ElementOf(Type type, Type collection) =>
        type.GetInterfaces().FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == collection)?.GetGenericArguments();
}
