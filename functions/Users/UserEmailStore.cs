using AuthFunctions.Storage;
using Azure;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Users;

/// <summary>Whose an e-mail address is. Counts only if the user row agrees.</summary>
/// <param name="EmailHash"><see cref="EmailAddress.Hash"/>.</param>
/// <param name="UserId">The user who has the address, or is about to.</param>
/// <param name="ClaimedAt">When the claim was made.</param>
public sealed record UserEmailRow(string EmailHash, string UserId, DateTimeOffset ClaimedAt)
{
    /// <summary>The version that was read.</summary>
    public ETag ETag { get; init; }
}

/// <summary>Table <c>UserEmails</c>: PartitionKey = e-mail hash, RowKey = <c>owner</c>.</summary>
public sealed class UserEmailStore([FromKeyedServices(TableNames.UserEmails)] ITable emails)
{
    private const string RowKey = "owner";

    /// <summary>The claim on an address, or null if there is none.</summary>
    public async Task<UserEmailRow?> FindAsync(string emailHash, CancellationToken ct) =>
        await emails.FindAsync(emailHash, RowKey, ct) is { } row
            ? new UserEmailRow(emailHash, row.Text("UserId"), row.Time("ClaimedAt")) { ETag = row.ETag }
            : null;

    /// <summary>Claims a free address. A conflict if it is claimed already.</summary>
    public Task<Commit> AddAsync(UserEmailRow claim, CancellationToken ct) => emails.CommitAsync([new Change.Add(Write(claim))], ct);

    /// <summary>Takes over a claim on the version that was read. A conflict if another came first.</summary>
    public Task<Commit> ReplaceAsync(UserEmailRow claim, CancellationToken ct) => emails.CommitAsync([new Change.Replace(Write(claim))], ct);

    /// <summary>Frees an address on the version that was read. A conflict if another took it over.</summary>
    public Task<Commit> DeleteAsync(UserEmailRow claim, CancellationToken ct) =>
        emails.CommitAsync([new Change.Delete(claim.EmailHash, RowKey, claim.ETag)], ct);

    private static Row Write(UserEmailRow claim) =>
        new(claim.EmailHash, RowKey, Columns.Of(("UserId", claim.UserId), ("ClaimedAt", claim.ClaimedAt)), claim.ETag);
}
