using Azure.Core;

namespace Azure.Storage.Queues;

/// <summary>Options of the queue clients; retries, diagnostics and transport are those of <see cref="ClientOptions"/>.</summary>
public class QueueClientOptions : ClientOptions
{
    /// <summary>Options for one version of the service.</summary>
    public QueueClientOptions(ServiceVersion version = ServiceVersion.V2026_06_06)
    {
        VersionHeader = version switch
        {
            ServiceVersion.V2020_12_06 => "2020-12-06",
            ServiceVersion.V2026_06_06 => "2026-06-06",
            _ => throw new ArgumentOutOfRangeException(nameof(version), version, "There is no such version here."),
        };
    }

    /// <summary>How the text of messages travels; as it is by default.</summary>
    public QueueMessageEncoding MessageEncoding { get; set; }

    internal string VersionHeader { get; }

    /// <summary>Versions of the queue service.</summary>
    public enum ServiceVersion
    {
        /// <summary>One that every emulator of these years speaks.</summary>
        V2020_12_06 = 9,

        /// <summary>The package's own choice.</summary>
        V2026_06_06 = 31,
    }
}
