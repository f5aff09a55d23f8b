using System.Text;
using AuthFunctions.Protocol;
using AuthFunctions.Sessions;
using AuthFunctions.Storage;
using Azure;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Device;

/// <summary>A device code as the device keeps it: the address of its row, and a secret.</summary>
public sealed record DeviceCodeHandle(UserCode UserCode, Secret Secret)
{
    /// <summary>The prefix of device codes.</summary>
    public const string Prefix = "dev_";

    /// <summary>The text.</summary>
    public string Write() => Handle.Write(Prefix, [.. Encoding.ASCII.GetBytes(UserCode.Letters), .. Secret.Bytes]);

    /// <summary>The handle, or null if the text is none.</summary>
    public static DeviceCodeHandle? Read(string? text) =>
        Handle.TryRead(Prefix, text, out var bytes) && bytes.Length == UserCode.Length + Secret.Size
        && UserCode.TryParse(Encoding.ASCII.GetString(bytes, 0, UserCode.Length), out var userCode)
            ? new DeviceCodeHandle(userCode, Secret.From(bytes.AsSpan()[UserCode.Length..]))
            : null;
}

/// <summary>A device authorization request (RFC 8628 §3.1) that waits for a person.</summary>
public sealed record DeviceCodeRow
{
    /// <summary>What the person types.</summary>
    public required UserCode UserCode { get; init; }

    /// <summary>Hash of the device code's secret.</summary>
    public required byte[] SecretHash { get; init; }

    /// <summary>The site that was asked.</summary>
    public required string Site { get; init; }

    /// <summary>The client that asked.</summary>
    public required string ClientId { get; init; }

    /// <summary>What it asks for.</summary>
    public required Scope Scope { get; init; }

    /// <summary>The audience that was asked for, or null.</summary>
    public string? Resource { get; init; }

    /// <summary>When nobody can answer any more.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Least time between two polls; five seconds longer after each that came too early.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>When the client last polled while nobody had answered.</summary>
    public DateTimeOffset? PolledAt { get; init; }

    /// <summary>Who is about to allow it, and the session that is or will be theirs; null while nobody is.</summary>
    public DeviceClaim? Claim { get; init; }

    /// <summary>True if the person said no.</summary>
    public bool Denied { get; init; }

    /// <summary>The version that was read.</summary>
    public ETag ETag { get; init; }
}

/// <summary>Where the answer to a device code is found, should it be yes.</summary>
/// <param name="UserId">Who said that they will allow it.</param>
/// <param name="SessionId">The session that their approval makes.</param>
public sealed record DeviceClaim(string UserId, SessionId SessionId);

/// <summary>Table <c>DeviceCodes</c>: PartitionKey = hash of the user code, RowKey = <c>request</c>.</summary>
public sealed class DeviceCodeStore([FromKeyedServices(TableNames.DeviceCodes)] ITable codes)
{
    private const string RowKey = "request";
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    /// <summary>The request, answered or not; null if there is none.</summary>
    public async Task<DeviceCodeRow?> FindAsync(UserCode userCode, CancellationToken ct) =>
        await codes.FindAsync(userCode.Hash, RowKey, ct) is { } row ? Read(userCode, row) : null;

    /// <summary>Keeps a new request. False if its user code is taken: try another.</summary>
    public async Task<bool> TryAddAsync(DeviceCodeRow code, CancellationToken ct) =>
        await codes.CommitAsync([new Change.Add(Write(code))], ct) is Commit.Done;

    /// <summary>Stores a request on the version that was read. False if it was polled or answered meanwhile.</summary>
    public async Task<bool> TryReplaceAsync(DeviceCodeRow code, CancellationToken ct) =>
        await codes.CommitAsync([new Change.Replace(Write(code))], ct) is Commit.Done;

    private static Row Write(DeviceCodeRow c) => new(c.UserCode.Hash, RowKey, Columns.Of(
        ("SecretHash", c.SecretHash), ("Site", c.Site), ("ClientId", c.ClientId), ("Scope", c.Scope.ToString()), ("Resource", c.Resource),
        ("IntervalSeconds", (int)c.Interval.TotalSeconds), ("PolledAt", c.PolledAt), ("UserId", c.Claim?.UserId),
        ("SessionId", c.Claim?.SessionId.ToString()), ("Denied", c.Denied), ("ValidUntil", c.ExpiresAt),
        (Row.ExpiresAt, c.ExpiresAt + Kept)), c.ETag);

    private static DeviceCodeRow Read(UserCode userCode, Row row) => new()
    {
        UserCode = userCode,
        SecretHash = row.Bytes("SecretHash"),
        Site = row.Text("Site"),
        ClientId = row.Text("ClientId"),
        Scope = Scope.Parse(row.Text("Scope")),
        Resource = row.OptionalText("Resource"),
        Interval = TimeSpan.FromSeconds(row.Number("IntervalSeconds")),
        PolledAt = row.OptionalTime("PolledAt"),
        Claim = row.OptionalText("UserId") is { } userId ? new DeviceClaim(userId, SessionId.Parse(row.Text("SessionId"))) : null,
        Denied = row.Flag("Denied"),
        ExpiresAt = row.Time("ValidUntil"),
        ETag = row.ETag,
    };
}
