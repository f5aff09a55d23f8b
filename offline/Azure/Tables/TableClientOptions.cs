using Azure.Core;

namespace Azure.Data.Tables;

/// <summary>Options of the table clients; retries, diagnostics and transport are those of <see cref="ClientOptions"/>.</summary>
public class TableClientOptions : ClientOptions
{
    /// <summary>Options for one version of the service.</summary>
    public TableClientOptions(ServiceVersion serviceVersion = ServiceVersion.V2020_12_06)
    {
        VersionHeader = serviceVersion switch
        {
            ServiceVersion.V2020_12_06 => "2020-12-06",
            _ => throw new ArgumentOutOfRangeException(nameof(serviceVersion), serviceVersion, "Only 2020-12-06 is spoken here."),
        };
    }

    internal string VersionHeader { get; }

    /// <summary>Versions of the table service.</summary>
    public enum ServiceVersion
    {
        /// <summary>The first that takes bearer tokens.</summary>
        V2020_12_06 = 2,
    }
}
