using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AuthFunctions.Storage;

/// <summary>Opens the table of that name. Program.cs says on what; tests say on what else.</summary>
public delegate ITable TableFactory(string name);

public static class StorageRegistration
{
    /// <summary>
    /// The tables, each as a keyed <see cref="ITable"/> under its name (<see cref="TableNames"/>), and the one queue; opened on first use.
    /// </summary>
    public static IServiceCollection AddStorage(
        this IServiceCollection services, Func<IServiceProvider, TableFactory> open, Func<IServiceProvider, IQueue> openOutbox)
    {
        services.AddOptions<StorageOptions>().BindConfiguration(StorageOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<StorageOptions>, StorageValidator>();
        services.AddSingleton(open);
        services.AddSingleton(openOutbox);
        foreach (var name in TableNames.All)
        {
            services.AddKeyedSingleton(name, (provider, _) => provider.GetRequiredService<TableFactory>()(name));
        }

        return services;
    }
}
