using System.Globalization;
using static System.FormattableString;

namespace AuthFunctions.Tests.Costs;

/// <summary>Writes docs/cost.md.</summary>
/// <param name="vault">Counted with keys that the vault signs with.</param>
/// <param name="wrapped">Counted with keys that the vault wraps.</param>
internal sealed class CostDocument(Count vault, Count wrapped)
{
    private static readonly double[] Volumes = [1e3, 1e4, 1e5, 1e6, 1e7, 1e8];

    public IEnumerable<string> Lines() =>
    [
        .. Head(), .. FlowLines(), .. RowLines(), .. PriceLines(), .. AssumptionLines(), .. MonthLines(), .. RestLines(),
        .. new CostLimits(vault, wrapped).Lines(),
    ];

    private static IEnumerable<string> Head() =>
    [
        "# What it costs",
        "",
        "Written by `tests/AuthFunctions.Tests/Costs`, not by hand: a test runs every flow once against the service, with its keys in a fake Key Vault",
        "and tables that count what goes over the wire, multiplies by the list prices of `prices.json`, and fails while this file says anything else.",
        "`APPROVE=1 CI=true dotnet test tests/AuthFunctions.Tests --filter \"FullyQualifiedName~Tests.Costs\"` writes it anew.",
        "",
        "**Counted**: requests, table operations, queue messages, calls to the vault, bytes of rows. **Measured**: CPU, by"
            + Invariant($" `{CostData.Measured.Command}` on {CostData.Measured.Date:d MMMM yyyy}, {CostData.Measured.Cores} cores."),
        "**Priced**: US dollars a month, without tax and discounts. **Assumed**: what is under that heading, and prices marked so. No bill of",
        "Azure has ever been compared with this.",
        "",
    ];

    private IEnumerable<string> FlowLines() =>
    [
        "## What each flow takes",
        "",
        "Rows are those written or deleted in the transactions. Signatures are the vault's with `KeyVault`; with `KeyVaultWrapped` no flow asks the",
        "vault for anything. The budgets in round trips, which are fewer than reads, are held by `Budgets/BudgetTests.cs`.",
        "",
        .. Table(
            ["flow", "requests", "point reads", "queries", "transactions", "rows", "messages", "signatures"],
            CostFlows.InOrder.Select(name => Cells(name, vault[name]))),
        "",
        "What comes with instances, and other calls to the vault (list and get a key, wrap, unwrap):",
        "",
        .. Table(
            ["", "point reads", "queries", "rows", "`KeyVault`: calls", "`KeyVaultWrapped`: calls"],
            new[] { Flows.Start, Flows.FirstToken, Flows.Reload, Flows.KeyRotation }.Select(name => new[]
            {
                name, $"{vault[name].PointReads} / {wrapped[name].PointReads}", $"{vault[name].Queries} / {wrapped[name].Queries}",
                $"{vault[name].Entities} / {wrapped[name].Entities}", $"{Calls(vault[name])}", $"{Calls(wrapped[name])}",
            })),
        "",
        "Tables: `KeyVault` / `KeyVaultWrapped`. An instance opens the Data Protection ring at its start, with one unwrap for each key in it; a key",
        "comes every 90 days and none goes, so this grows by four calls a year.",
        "",
    ];

    private IEnumerable<string> RowLines()
    {
        var kinds = vault.Flows.Values.SelectMany(o => o.Rows)
            .Where(r => r.Kind.StartsWith("User", StringComparison.Ordinal) || r.Kind.StartsWith("Pending", StringComparison.Ordinal))
            .GroupBy(r => r.Kind, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal);
        return
        [
            "## Rows",
            "",
            "By the published formula: keys, names and values, as the flows above wrote them; of a session a fifth is how the browser names itself.",
            "",
            .. Table(
                ["row", "bytes", "kept, days"],
                kinds.Select(g => new[] { $"`{g.Key}`", Range(g.Select(r => (double)r.Bytes)), Days(g.Select(r => r.Lifetime)) })),
            "",
            Invariant($"A registered person: {new Month(vault, 1).PersonRows.Sum(r => r.Bytes)} bytes for good. A sign-in: ")
                + Invariant($"{vault[Flows.SignIn].Rows.Sum(r => r.Bytes)} bytes in {vault[Flows.SignIn].Rows.Count} rows, until they expire."),
            "",
        ];
    }

    private static IEnumerable<string> PriceLines() =>
    [
        "## Prices",
        "",
        "Looked up on 22 November 2026 in stored copies of public pages, not on the live price list. *Read*: somebody published the figure as read off",
        "the Azure Retail Prices API on that day. *Assumed*: no dated figure was found; known from older price lists or calculators.",
        "",
        .. Table(
            ["what", "dollars", "per", "free a month", "region", ""],
            CostData.Prices.Select(p => new[]
            {
                $"[{p.What}]({p.Page})", p.Dollars.ToString("0.######", CultureInfo.InvariantCulture), Number(p.Per),
                p.Free == 0 ? "" : Number(p.Free), p.Region,
                p.Seen is { } seen ? Invariant($"read {seen:yyyy-MM-dd}") : "**assumed**",
            })),
        "",
        "Each row of a transaction is priced as an operation, though Azure may bill the transaction as one: the dearest reading. Traffic out of Azure,",
        "certificates and the mail provider are not in here.",
        "",
    ];

    private static IEnumerable<string> AssumptionLines() =>
    [
        "## Assumptions",
        "",
        "With one sign-in come, on average:",
        "",
        .. Table(
            ["flow", "times"],
            Assumed.Mix.Where(m => m.Flow != Flows.SignIn).Select(m => new[] { m.Flow, m.Times.ToString("0.##", CultureInfo.InvariantCulture) })),
        "",
        Invariant($"- A registered person signs in {Assumed.SignInsPerPerson} times a month. Rows stay until they expire, though many go earlier."),
        Invariant($"- The busiest second has {Assumed.Peak} times the requests of the mean one."),
        Invariant($"- An instance has {Assumed.InstanceGigabytes} GB and one core; at half a core of work another comes."),
        Invariant($"- A password hash takes {CostData.Measured.HashMilliseconds:0} ms of a core: PBKDF2 at the iterations of production, by Node on the same machine."),
        "- What is billed is the time in which an instance does anything, at least a second each time. No flow lasts a second, so it matters how requests",
        "  overlap, not how long they take: they are spread evenly over the month and independent of each other, the dearest case. Timers and the queue's",
        "  function run on instances of their own, a second each time.",
        Invariant($"- An idle instance is kept for {Assumed.KeptSeconds / 60:0} minutes, and each start opens its keys anew."),
        Invariant($"- An instance in use looks its keys up every {Assumed.ReloadSeconds:0} seconds."),
        "- The platform looks into the empty queue once a minute, and takes and deletes each message.",
        "- The Functions host logs a kilobyte an execution, up to the Bicep's cap of 1 GB a day.",
        "- The Functions host's own blobs (locks of timers, the package) are not counted.",
        "",
    ];

    private IEnumerable<string> MonthLines() =>
    [
        "## A month",
        "",
        "Instances are those that serve HTTP, on average. *Busy* is the share of their time that is billed.",
        "",
        .. Table(
            [
                "sign-ins", "requests", "instances", "busy", "functions", "with one always ready", "tables", "GB kept", "queue", "logs", "`KeyVault`",
                "`KeyVaultWrapped`",
            ],
            Volumes.Select(n => (Vault: new Month(vault, n), Wrapped: new Month(wrapped, n))).Select(m => new[]
            {
                Number(m.Vault.SignIns), Number(m.Vault.Requests), Number(m.Vault.Instances), Invariant($"{m.Vault.BusyShare * 100:0} %"),
                Dollars(m.Vault.Functions(false)), Dollars(m.Vault.Functions(true)), Dollars(m.Vault.Tables), Gigabytes(m.Vault.GigabytesAtRest),
                Dollars(m.Vault.Queue), Dollars(m.Vault.Logs), Dollars(m.Vault.Vault), Dollars(m.Wrapped.Vault),
            })),
        "",
        "All together, and for each sign-in with all that comes with it:",
        "",
        .. Table(
            [
                "sign-ins", "`KeyVault`", "and one always ready", "`KeyVaultWrapped`", "and one always ready", "a sign-in, `KeyVault`",
                "a sign-in, `KeyVaultWrapped`",
            ],
            Volumes.Select(n => (Vault: new Month(vault, n), Wrapped: new Month(wrapped, n))).Select(m => new[]
            {
                Number(m.Vault.SignIns), Dollars(m.Vault.Total(false)), Dollars(m.Vault.Total(true)),
                Dollars(m.Wrapped.Total(false)), Dollars(m.Wrapped.Total(true)),
                Cents(m.Vault.Total(false) / m.Vault.SignIns), Cents(m.Wrapped.Total(false) / m.Vault.SignIns),
            })),
        "",
        "`KeyVaultWrapped` takes the signatures off the bill. An instance always ready pays for itself once it is busy for two fifths of the time:",
        "0.000026 × *busy* against 0.000004 + 0.000016 × *busy*. Before that it buys the absence of cold starts.",
        "",
    ];

    private IEnumerable<string> RestLines()
    {
        var (rest, ready) = (new Month(vault, 0), new Month(wrapped, 0));
        return
        [
            "## At rest",
            "",
            "Nobody signs in; the three timers run, the platform looks into the queue, the vault's policy rotates both keys.",
            "",
            .. Table(
                ["", "`KeyVault`", "`KeyVaultWrapped`"],
                [
                    ["runs of timers", Number(Month.TimerRuns), Number(Month.TimerRuns)],
                    ["functions, on demand", Dollars(rest.Functions(false)), Dollars(ready.Functions(false))],
                    ["functions, one instance always ready", Dollars(rest.Functions(true)), Dollars(ready.Functions(true))],
                    ["tables", Dollars(rest.Tables), Dollars(ready.Tables)],
                    ["queue", Dollars(rest.Queue), Dollars(ready.Queue)],
                    ["vault: rotations and what timers ask", Dollars(rest.Vault), Dollars(ready.Vault)],
                    ["logs", Dollars(rest.Logs), Dollars(ready.Logs)],
                    ["**all together**", Dollars(rest.Total(false)), Dollars(ready.Total(false))],
                    ["**with one instance always ready**", Dollars(rest.Total(true)), Dollars(ready.Total(true))],
                ]),
            "",
            Invariant($"The timers' {Month.TimerRuns * Assumed.LeastBilledSeconds * Assumed.InstanceGigabytes:N0} GB-seconds are within the free ones."),
            "",
        ];
    }

    internal static IEnumerable<string> Table(IReadOnlyList<string> head, IEnumerable<string[]> rows) =>
        rows.Prepend([.. head.Select(_ => "---")]).Prepend([.. head]).Select(cells => $"| {string.Join(" | ", cells)} |");

    internal static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string[] Cells(string name, Operations o) =>
        [name, .. new[] { o.Requests, o.PointReads, o.Queries, o.Transactions, o.Entities, o.Messages, o.Signatures }.Select(n => n == 0 ? "" : $"{n}")];

    private static int Calls(Operations operations) => operations.Signatures + operations.VaultCalls;

    private static string Dollars(double value) => value.ToString(value < 100 ? "0.00" : "N0", CultureInfo.InvariantCulture);

    private static string Cents(double value) => value.ToString("0.000000", CultureInfo.InvariantCulture);

    private static string Gigabytes(double value) => value.ToString(value < 10 ? "0.##" : "N0", CultureInfo.InvariantCulture);

    private static string Range(IEnumerable<double> values) =>
        values.Min() == values.Max() ? Number(values.Min()) : $"{Number(values.Min())} to {Number(values.Max())}";

    private static string Days(IEnumerable<TimeSpan?> lifetimes)
    {
        var all = lifetimes.ToList();
        return all.Contains(null) ? "for good" : all.All(l => l < TimeSpan.FromDays(1)) ? "less than one" : Range(all.Select(l => Math.Round(l!.Value.TotalDays)));
    }
}
