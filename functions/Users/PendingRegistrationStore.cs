using AuthFunctions.Storage;
using Azure;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Users;

/// <summary>A registration whose address is not confirmed yet. It owns nothing: several may wait for one address.</summary>
public sealed record PendingRegistrationRow
{
    /// <summary>128 random bits, part of the link.</summary>
    public required string Id { get; init; }

    /// <summary>The address as it was typed.</summary>
    public required string Email { get; init; }

    /// <summary>What the person wants to be called, or null.</summary>
    public string? Name { get; init; }

    /// <summary>The password that this registration chose; confirming asks for it.</summary>
    public required string PasswordHash { get; init; }

    /// <summary>The site where it was made, and only where it can be confirmed.</summary>
    public required string Site { get; init; }

    /// <summary>Hash of the secret in the link.</summary>
    public required byte[] SecretHash { get; init; }

    /// <summary>Wrong passwords so far; the link dies at the fifth.</summary>
    public int Failures { get; init; }

    /// <summary>When the link dies.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The version that was read.</summary>
    public ETag ETag { get; init; }
}

/// <summary>Table <c>PendingRegistrations</c>: PartitionKey = registration id, RowKey = <c>registration</c>.</summary>
public sealed class PendingRegistrationStore([FromKeyedServices(TableNames.PendingRegistrations)] ITable pending)
{
    private const string RowKey = "registration";

    /// <summary>The registration, or null if there is none.</summary>
    public async Task<PendingRegistrationRow?> FindAsync(string id, CancellationToken ct) =>
        await pending.FindAsync(id, RowKey, ct) is { } row ? Read(row) : null;

    /// <summary>Keeps a registration until it is confirmed, with the intent to send its link.</summary>
    public Task<Commit> AddAsync(PendingRegistrationRow registration, Change intent, CancellationToken ct) =>
        pending.CommitAsync([new Change.Add(Write(registration)), intent], ct);

    /// <summary>Stores it on the version that was read.</summary>
    public Task<Commit> ReplaceAsync(PendingRegistrationRow registration, CancellationToken ct) =>
        pending.CommitAsync([new Change.Replace(Write(registration))], ct);

    /// <summary>Uses it up. A conflict means that another request did.</summary>
    public Task<Commit> DeleteAsync(PendingRegistrationRow registration, CancellationToken ct) =>
        pending.CommitAsync([new Change.Delete(registration.Id, RowKey, registration.ETag)], ct);

    private static Row Write(PendingRegistrationRow r) => new(r.Id, RowKey, Columns.Of(
        ("Email", r.Email), ("Name", r.Name), ("PasswordHash", r.PasswordHash), ("Site", r.Site), ("SecretHash", r.SecretHash),
        ("Failures", r.Failures), (Row.ExpiresAt, r.ExpiresAt)), r.ETag);

    private static PendingRegistrationRow Read(Row row) => new()
    {
        Id = row.Partition,
        Email = row.Text("Email"),
        Name = row.OptionalText("Name"),
        PasswordHash = row.Text("PasswordHash"),
        Site = row.Text("Site"),
        SecretHash = row.Bytes("SecretHash"),
        Failures = row.Number("Failures"),
        ExpiresAt = row.Time(Row.ExpiresAt),
        ETag = row.ETag,
    };
}
