using System.Security.Cryptography;
using System.Text;
using AuthFunctions.Protocol;
using AuthFunctions.Storage;
using Azure;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Outbox;

/// <summary>Something to be told to the outside, as row <c>outbox_{id}</c> holds it until that is done.</summary>
public sealed record OutboxRow
{
    /// <summary>Where it is.</summary>
    public required OutboxAddress Address { get; init; }

    /// <summary>What is to be done: one of <see cref="OutboxKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>What whoever does it must know, sealed: it holds addresses and links.</summary>
    public required byte[] Payload { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>After this moment it is not worth doing any more.</summary>
    public required DateTimeOffset GiveUpAt { get; init; }

    /// <summary>How often it was begun.</summary>
    public int Attempts { get; init; }

    /// <summary>Before this moment nobody may begin it: it failed a while ago, or somebody is at it.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>The version that was read.</summary>
    public ETag ETag { get; init; }
}

/// <summary>The kinds of intents. Stored, so never renamed.</summary>
public static class OutboxKinds
{
    public const string Mail = "mail";
    public const string Erasure = "erasure";
    public const string Logout = "logout";
}

/// <summary>
/// Rows <c>outbox_{id}</c>, in the table and partition of the change that they tell of and written in its transaction: what was changed will
/// be told, and what was not changed will not.
/// </summary>
public sealed class OutboxStore(IServiceProvider tables, IDataProtectionProvider protection)
{
    private const string Prefix = "outbox_";

    /// <summary>How long the purge leaves a row that nobody came to give up.</summary>
    private static readonly TimeSpan Leftover = TimeSpan.FromDays(7);

    private readonly IDataProtector protector = protection.CreateProtector("outbox");

    /// <summary>The intent; null if it is done, or its change did not come about.</summary>
    public async Task<OutboxRow?> FindAsync(OutboxAddress address, CancellationToken ct) =>
        TableNames.All.Contains(address.Table, StringComparer.Ordinal)
        && await TableOf(address).FindAsync(address.Partition, Prefix + address.Id, ct) is { } row
            ? Read(address, row)
            : null;

    /// <summary>The change that asks for it; committed by the service with what it tells of.</summary>
    public Change Add(OutboxRow row) => new Change.Add(Write(row));

    /// <summary>Stores it on the version that was read. A conflict means that another is at it, or has done it.</summary>
    public Task<Commit> ReplaceAsync(OutboxRow row, CancellationToken ct) =>
        TableOf(row.Address).CommitAsync([new Change.Replace(Write(row))], ct);

    /// <summary>The change that strikes it off.</summary>
    public Change Delete(OutboxRow row) => new Change.Delete(row.Address.Partition, Prefix + row.Address.Id, row.ETag);

    /// <summary>The table that it is in.</summary>
    public ITable TableOf(OutboxAddress address) => tables.GetRequiredKeyedService<ITable>(address.Table);

    /// <summary>Seals a payload.</summary>
    public byte[] Seal(string payload) => protector.Protect(Encoding.UTF8.GetBytes(payload));

    /// <summary>The payload, or null if the key that sealed it is gone.</summary>
    public string? Unseal(OutboxRow row)
    {
        try
        {
            return Encoding.UTF8.GetString(protector.Unprotect(row.Payload));
        }
        catch (CryptographicException exception) when (OutageException.Behind(exception) is null)
        {
            return null;
        }
    }

    private static Row Write(OutboxRow row) => new(row.Address.Partition, Prefix + row.Address.Id, Columns.Of(
        ("Kind", row.Kind), ("Payload", row.Payload), ("CreatedAt", row.CreatedAt), ("GiveUpAt", row.GiveUpAt), ("Attempts", row.Attempts),
        ("DueAt", row.DueAt), (Row.ExpiresAt, row.GiveUpAt + Leftover)), row.ETag);

    private static OutboxRow Read(OutboxAddress address, Row row) => new()
    {
        Address = address,
        Kind = row.Text("Kind"),
        Payload = row.Bytes("Payload"),
        CreatedAt = row.Time("CreatedAt"),
        GiveUpAt = row.Time("GiveUpAt"),
        Attempts = row.Number("Attempts"),
        DueAt = row.Time("DueAt"),
        ETag = row.ETag,
    };
}
