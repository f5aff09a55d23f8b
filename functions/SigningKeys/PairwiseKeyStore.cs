using System.Security.Cryptography;
using AuthFunctions.Protocol;
using AuthFunctions.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.SigningKeys;

/// <summary>
/// Table <c>SigningKeys</c>: PartitionKey = <c>pairwise</c>, RowKey = <c>secret</c>; the secret that pairwise subjects are made with, once and
/// for all.
/// </summary>
/// <remarks>
/// Not one of Data Protection's keys, which are replaced and end: with another secret every user of a pairwise client becomes another person.
/// Not a setting, which is forgotten when a deployment is set up anew over the same tables. In the clear: it keeps clients from comparing
/// notes; whoever reads the tables sees whose sessions are whose anyhow.
/// </remarks>
public sealed class PairwiseKeyStore([FromKeyedServices(TableNames.SigningKeys)] ITable keys)
{
    private const string Partition = "pairwise";
    private const string RowKey = "secret";

    private volatile Secret? known;

    /// <summary>The secret, made on first use.</summary>
    public async ValueTask<Secret> GetAsync(CancellationToken ct)
    {
        if (known is not null)
        {
            return known;
        }

        if (await keys.FindAsync(Partition, RowKey, ct) is not { } row)
        {
            // Whether or not this one comes first: the stored one is the secret.
            var made = new Row(Partition, RowKey, Columns.Of(("Secret", RandomNumberGenerator.GetBytes(Protocol.Secret.Size))));
            await keys.CommitAsync([new Change.Add(made)], ct);
            row = await keys.FindAsync(Partition, RowKey, ct) ?? throw new OutageException("table SigningKeys");
        }

        return known = Secret.From(row.Bytes("Secret"));
    }
}
