namespace AuthFunctions.Tests.Costs;

/// <summary>What is assumed of a month; the document says each of these.</summary>
internal static class Assumed
{
    /// <summary>Seconds of a month: 365 days / 12.</summary>
    public const double Seconds = 2_628_000;

    public const double Hours = Seconds / 3600;

    /// <summary>The busiest second, as a multiple of the mean one.</summary>
    public const double Peak = 10;

    /// <summary>Sign-ins of a registered person.</summary>
    public const double SignInsPerPerson = 2;

    /// <summary>GB of an instance (<c>instanceMemoryMB</c>).</summary>
    public const double InstanceGigabytes = 2;

    /// <summary>The core that an instance of 2 GB has, and how much of it may be busy before there is another.</summary>
    public const double BusyCore = 0.5;

    /// <summary>The shortest time that is billed.</summary>
    public const double LeastBilledSeconds = 1;

    /// <summary>How long an idle instance is kept.</summary>
    public const double KeptSeconds = 600;

    /// <summary>How often an instance in use looks its keys up.</summary>
    public const double ReloadSeconds = 30;

    /// <summary>What the Functions host logs of an execution, in GB.</summary>
    public const double LogGigabytes = 1e-6;

    /// <summary>The daily cap of the Bicep (<c>dailyLogCapGB</c>), in a month.</summary>
    public const double LogCapGigabytes = 365.0 / 12;

    /// <summary>What the host does for a message: it takes and deletes it.</summary>
    public const int HostQueueOperations = 2;

    /// <summary>Looks of the platform into an empty queue.</summary>
    public const double QueueLooks = Hours * 60;

    /// <summary>Rotations by the vault's policy: four of the signing key and one of the wrapping key a year.</summary>
    public const double Rotations = 5.0 / 12;

    /// <summary>One round trip to a table within a region, in seconds.</summary>
    public const double TableRoundTrip = 0.01;

    /// <summary>How long the purge may run: the default of the Functions host.</summary>
    public const double PurgeSeconds = 1800;

    /// <summary>What comes with one sign-in: how often, and whose CPU it takes.</summary>
    public static readonly IReadOnlyList<(string Flow, double Times, string? Cpu)> Mix =
    [
        (Flows.SignIn, 1, "sign-in"),
        (Flows.FailedSignIn, 0.1, "sign-in"),
        (Flows.SignUp, 0.05, "sign-in"),
        (Flows.Mail, 0.05, "sign-in"),
        (Flows.Confirm, 0.05, "sign-in"),
        (Flows.Refresh, 20, "refresh"),
        (Flows.OAuthRefresh, 5, "refresh"),
        (Flows.Check, 50, "session check"),
        (Flows.FreshCheck, 1, "session fresh"),
        (Flows.CodeFlow, 0.5, "code flow"),
        (Flows.Handoff, 0.3, "handoff"),
        (Flows.Introspect, 1, "introspect"),
        (Flows.ClientCredentials, 1, "client credentials"),
        (Flows.Sessions, 0.02, "sessions"),
        (Flows.SignOut, 0.2, "refresh"),
        (Flows.SignOutTold, 0.1, "refresh"),
        (Flows.Notice, 0.1, "refresh"),
        (Flows.Jwks, 0.1, "session check"),
    ];

    /// <summary>Flows that hash a password.</summary>
    public static readonly IReadOnlySet<string> Hashing = new HashSet<string> { Flows.SignIn, Flows.FailedSignIn, Flows.SignUp, Flows.Confirm };

    /// <summary>Flows that the queue wakes, each on an instance that serves nothing else.</summary>
    public static readonly IReadOnlySet<string> Woken = new HashSet<string> { Flows.Mail, Flows.Notice };

    /// <summary>Runs a month: every five minutes, every hour, every night.</summary>
    public static readonly IReadOnlyList<(string Flow, double Runs)> Timers =
        [(Flows.Requeue, Hours * 12), (Flows.KeyRotation, Hours), (Flows.PurgeNothing, Hours / 24)];
}

/// <summary>What a month with that many sign-ins takes, and costs.</summary>
internal sealed class Month(Count count, double signIns)
{
    public double SignIns => signIns;

    /// <summary>HTTP requests.</summary>
    public double Requests => Sum(o => o.Requests);

    /// <summary>Executions that the queue wakes.</summary>
    public double Deliveries => Of(f => Assumed.Woken.Contains(f), _ => 1);

    public static double TimerRuns => Assumed.Timers.Sum(t => t.Runs);

    /// <summary>CPU seconds of HTTP requests.</summary>
    public double CpuSeconds => Assumed.Mix.Where(m => !Assumed.Woken.Contains(m.Flow)).Sum(m => m.Times * CpuOf(m.Flow, m.Cpu!)) * signIns;

    /// <summary>Instances that serve HTTP, on average; one where there is anything to do at all.</summary>
    public double Instances => signIns == 0 ? 0 : Math.Max(1, Math.Ceiling(CpuSeconds / Assumed.Seconds / Assumed.BusyCore));

    /// <summary>
    /// The share of an instance's time that is billed, with requests that come independently of each other, spread over the whole month: where
    /// each bills a second of its own until they begin to overlap.
    /// </summary>
    public double BusyShare => Instances == 0 ? 0 : 1 - Math.Exp(-Requests / Instances / Assumed.Seconds * Assumed.LeastBilledSeconds);

    /// <summary>Starts of instances that serve HTTP: none is idle for longer than it is kept but when there is little to do.</summary>
    public double Starts => Math.Min(Requests, Assumed.Seconds / Assumed.KeptSeconds * Instances);

    public double Reloads => Math.Min(Requests, Assumed.Seconds / Assumed.ReloadSeconds * Instances);

    /// <summary>Rows that expire, all of which the purge deletes.</summary>
    public double ExpiringRows => Sum(o => o.Rows.Count(r => r.Lifetime is not null));

    public double Signatures => Sum(o => o.Signatures);

    public double VaultOperations =>
        Signatures + Sum(o => o.VaultCalls) + Around(o => o.Signatures + o.VaultCalls) + Assumed.Timers.Sum(t => t.Runs * VaultOf(t.Flow));

    public double TableOperations => Sum(o => o.TableOperations) + Around(o => o.TableOperations) + ExpiringRows + ScannedPages
        + Assumed.Timers.Sum(t => t.Runs * (count[t.Flow].TableOperations + count[Flows.Start].TableOperations));

    /// <summary>Rows of table Users and all others, once as many expire as come.</summary>
    public double RowsAtRest =>
        (Sum(o => o.Rows.Sum(r => r.Lifetime?.TotalSeconds ?? 0)) / Assumed.Seconds) + (People * PersonRows.Count());

    /// <summary>Pages that the nightly purges look through.</summary>
    public double ScannedPages => RowsAtRest / 1000 * Assumed.Hours / 24;

    public double GigabytesAtRest =>
        ((Sum(o => o.Rows.Sum(r => r.Bytes * (r.Lifetime?.TotalSeconds ?? 0))) / Assumed.Seconds) + (People * PersonRows.Sum(r => r.Bytes))) / 1e9;

    public double QueueOperations => signIns == 0 ? Assumed.QueueLooks
        : Assumed.QueueLooks + Sum(o => o.Messages) + (Deliveries * Assumed.HostQueueOperations);

    public double LogGigabytes => Math.Min(Assumed.LogCapGigabytes, (Requests + Deliveries + TimerRuns) * Assumed.LogGigabytes);

    /// <summary>The bill for functions, with no instance always ready or with one.</summary>
    public double Functions(bool ready)
    {
        var elsewhere = (Deliveries + TimerRuns) * Assumed.LeastBilledSeconds * Assumed.InstanceGigabytes;
        var busy = BusyShare * Assumed.Seconds * Assumed.InstanceGigabytes;
        if (!ready)
        {
            return Dollars("onDemandSecond", elsewhere + (busy * Instances)) + Dollars("onDemandExecution", Requests + Deliveries + TimerRuns);
        }

        var share = Instances == 0 ? 0 : 1 / Instances;
        return Dollars("readyBaselineSecond", Assumed.Seconds * Assumed.InstanceGigabytes)
            + Dollars("readySecond", busy) + Dollars("readyExecution", Requests * share)
            + Dollars("onDemandSecond", elsewhere + (busy * Math.Max(0, Instances - 1)))
            + Dollars("onDemandExecution", (Requests * (1 - share)) + Deliveries + TimerRuns);
    }

    public double Tables => Dollars("tableOperation", TableOperations) + Dollars("tableStorage", GigabytesAtRest);

    public double Queue => Dollars("queueOperation", QueueOperations);

    public double Vault => Dollars("vaultOperation", VaultOperations) + Dollars("vaultRotation", Assumed.Rotations);

    public double Logs => Dollars("logs", LogGigabytes);

    public double Total(bool ready) => Functions(ready) + Tables + Queue + Vault + Logs;

    private double People => signIns / Assumed.SignInsPerPerson;

    /// <summary>What a registered person leaves behind for good.</summary>
    public IEnumerable<StoredRow> PersonRows => new[] { Flows.SignUp, Flows.Confirm }.SelectMany(f => count[f].Rows).Where(r => r.Lifetime is null);

    private static double Dollars(string price, double of) => CostData.PriceOf(price).Of(of);

    private double VaultOf(string flow) => count[flow].Signatures + count[flow].VaultCalls + count[Flows.Start].VaultCalls;

    /// <summary>What comes with instances rather than with requests. A queue's or a timer's function starts an instance of its own.</summary>
    private double Around(Func<Operations, double> of) =>
        (Starts * (of(count[Flows.Start]) + of(count[Flows.FirstToken]))) + (Reloads * of(count[Flows.Reload]))
        + (Math.Min(Deliveries, Assumed.Seconds / Assumed.KeptSeconds) * of(count[Flows.Start]));

    private double Sum(Func<Operations, double> of) => Of(_ => true, of);

    private double Of(Func<string, bool> which, Func<Operations, double> of) =>
        Assumed.Mix.Where(m => which(m.Flow)).Sum(m => m.Times * of(count[m.Flow])) * signIns;

    private static double CpuOf(string flow, string measured) =>
        (CostData.Measured.CpuMicroseconds[measured] / 1e6) + (Assumed.Hashing.Contains(flow) ? CostData.Measured.HashMilliseconds / 1e3 : 0);
}
