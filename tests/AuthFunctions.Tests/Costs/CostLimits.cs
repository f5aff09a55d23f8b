using AuthFunctions.Purge;
using static System.FormattableString;

namespace AuthFunctions.Tests.Costs;

/// <summary>Where each limit binds, and what there is to turn then.</summary>
internal sealed class CostLimits(Count vault, Count wrapped)
{
    /// <summary>4,000 operations in ten seconds, on software keys of P-256.</summary>
    private const double SignaturesPerSecond = 400;

    private const double EntitiesPerSecond = 2000;
    private const double RequestsPerSecond = 20000;

    /// <summary><c>maximumInstanceCount</c> of the Bicep.</summary>
    private const double MostInstances = 100;

    public IEnumerable<string> Lines()
    {
        var (unit, shared) = (new Month(vault, 1), SharedPartitions());
        var hashes = Assumed.Mix.Where(m => Assumed.Hashing.Contains(m.Flow)).Sum(m => m.Times);
        var toAccount = Assumed.Mix.Sum(m => m.Times * ToAccount(vault[m.Flow]));
        var own = Assumed.Mix.SelectMany(m => vault[m.Flow].Partitions)
            .Where(p => p.Key.StartsWith("Users ", StringComparison.Ordinal)).Max(p => p.Value);
        return
        [
            "## Where limits bind",
            "",
            Invariant($"Monthly sign-ins, with the mix above, at which the busiest second ({Assumed.Peak} times the mean) meets the limit."),
            "",
            .. CostDocument.Table(
                ["limit", "met at", "what to turn"],
                [
                    [
                        "[400 signatures a second a vault](https://learn.microsoft.com/azure/key-vault/general/service-limits) (4,000 in 10 s, P-256)",
                        At(SignaturesPerSecond, unit.Signatures), "`Keys:Source` = `KeyVaultWrapped`: no signature in the vault, and no such limit",
                    ],
                    [
                        Invariant($"password hashes: one at a time on an instance ({CostData.Measured.HashMilliseconds:0} ms), {MostInstances} instances"),
                        At(MostInstances * 1000 / CostData.Measured.HashMilliseconds, hashes), "`maximumInstanceCount`, up to 1,000",
                    ],
                    [
                        "[20,000 requests a second a storage account](https://learn.microsoft.com/azure/storage/tables/scalability-targets)",
                        At(RequestsPerSecond, toAccount), "nothing in the product: all tables of a deployment are in one account",
                    ],
                    [
                        "[2,000 rows a second a partition](https://learn.microsoft.com/azure/storage/tables/scalability-targets), of a person",
                        Invariant($"never: {own} rows at most a flow, so {Math.Floor(EntitiesPerSecond / own):0} a second of one person"), "",
                    ],
                    .. shared.Select(p => new[]
                    {
                        $"the same, partition `{p.Partition}`, one for all people: {p.Flows}", At(EntitiesPerSecond, p.Rows), "nothing in the product",
                    }),
                    [
                        Invariant($"the nightly purge: a deletion for each row that expired, {PurgeLanes} at a time, in {Assumed.PurgeSeconds / 60:0} minutes"),
                        CostDocument.Number(Round(PurgeTrips * PurgeLanes * Assumed.Hours / 24 / unit.ExpiringRows)),
                        "`functionTimeout` in host.json; `Events:Retention`, `Sessions:AbsoluteLifetime`. It falls behind and breaks nothing",
                    ],
                    [
                        "the same: a thousand rows that it looks through after the other, of all that there are",
                        CostDocument.Number(Round(PurgeTrips * Assumed.Hours / 24 / unit.ScannedPages)),
                        "the same; nothing in the product looks through a table in parts",
                    ],
                ]),
            "",
            Invariant($"The purge is reckoned with {Assumed.TableRoundTrip * 1000:0} ms a round trip, in the time that the Functions host gives a function by default."),
            "No other partition is shared, which the test holds. `Throttle` has one for each address, mail address and device: many people behind one address",
            "read its one row, and write it only on failure. `DpopProofs`, `ClientAssertions` and `PushedRequests` have one for each proof, assertion and",
            "request. `SigningKeys` and `DataProtection` are one partition each, read by instances and not by requests:"
                + Invariant($" {wrapped[Flows.Reload].Queries} query of a few rows"),
            Invariant($"every {Assumed.ReloadSeconds:0} seconds an instance, so that {MostReloading:N0} instances would meet the limit."),
            "The vault unwraps at starts alone, with RSA-3072 at most 100 times a second.",
        ];
    }

    private const int PurgeLanes = PurgeFunction.AtOnce;

    private const double PurgeTrips = Assumed.PurgeSeconds / Assumed.TableRoundTrip;

    private double MostReloading => EntitiesPerSecond * Assumed.ReloadSeconds / Math.Max(1, wrapped[Flows.Reload].Partitions.Values.Max());

    private static int ToAccount(Operations o) => o.PointReads + o.Queries + o.Transactions + (Assumed.HostQueueOperations + 1) * o.Messages;

    private static string At(double perSecond, double perSignIn) => CostDocument.Number(Round(perSecond * Assumed.Seconds / Assumed.Peak / perSignIn));

    /// <summary>To two digits: what assumptions are worth.</summary>
    private static double Round(double value)
    {
        var unit = Math.Pow(10, Math.Floor(Math.Log10(value)) - 1);
        return Math.Floor(value / unit) * unit;
    }

    private List<(string Partition, string Flows, double Rows)> SharedPartitions() =>
        [.. from mixed in Assumed.Mix
            from partition in vault.Shared[mixed.Flow]
            where partition.Value > 0
            group (mixed.Flow, Rows: mixed.Times * partition.Value) by partition.Key into one
            orderby one.Key
            select (
                one.Key.Replace(' ', '/'), string.Join("; ", one.Select(o => o.Flow)), one.Sum(o => o.Rows))];
}
