using System.Diagnostics;
using AuthFunctions.Faults.Checking;
using AuthFunctions.Faults.Cluster;
using AuthFunctions.Faults.Load;
using AuthFunctions.Faults.Proxy;
using AuthFunctions.Faults.Scenarios;
using AuthFunctions.Sessions;

namespace AuthFunctions.Faults;

/// <summary>A whole run: each scenario while people act, and after each all is settled and checked.</summary>
internal sealed class Run(Plan plan)
{
    private readonly List<Outcomes> rows = [];
    private readonly AuditTerms terms = new();

    /// <summary>0 if everything that was asked for happened and nothing was found.</summary>
    public async Task<int> RunAsync()
    {
        Console.WriteLine($"seed {plan.Seed}");
        await using var deployment = new Deployment(plan.Out, plan.Leeway);
        await deployment.StartAsync();
        using var client = new ServiceClient(deployment);
        var recorder = new Recorder(deployment, client);
        var stage = new Stage(deployment, new Crowd(recorder, client, plan), recorder, plan, new Random(plan.Seed));
        await stage.Crowd.GrowAsync();
        foreach (var scenario in Scenarios())
        {
            await PlayAsync(scenario, stage, client);
            if (scenario is IAsyncDisposable disposable)
            {
                await disposable.DisposeAsync();
            }
        }

        Console.WriteLine($"\n{Report.Table(rows)}");
        return Verdict();
    }

    private IEnumerable<Scenario> Scenarios() => new Scenario[]
    {
        new Kills(plan.Kills),
        new StorageRestarts(plan.Span > TimeSpan.FromSeconds(5) ? 3 : 1),
        new WireFaults("requests delayed", 0.1, WireFault.DelayRequest),
        new WireFaults("answers delayed", 0.1, WireFault.DelayAnswer),
        new WireFaults("requests dropped", 0.2, WireFault.DropRequest),
        new WireFaults("answers dropped", 0.2, WireFault.DropAnswer),
        new WireFaults("answers truncated", 0.2, WireFault.Truncate),
        new WireFaults("answers duplicated", 0.2, WireFault.DuplicateAnswer),
        new WireFaults("requests duplicated", 0.2, WireFault.DuplicateRequest),
        new WireFaults("committed, then failed", 0.2, WireFault.CommitThenFail),
        new WireFaults("throttled", 0.2, WireFault.Throttle),
        new WireFaults("all of these at once", 0.2, [.. Enum.GetValues<WireFault>().Where(f => f != WireFault.None)]),
        new SkewedClocks(TimeSpan.FromMinutes(5), handsOff: false),
        new SkewedClocks(TimeSpan.FromSeconds(2), handsOff: true),
        new FullDisk(),
        new Races(),
        new VaultFaults(),
    }.Where(s => plan.Only is null || s.Name.Contains(plan.Only, StringComparison.OrdinalIgnoreCase));

    private async Task PlayAsync(Scenario scenario, Stage stage, ServiceClient client)
    {
        var (deployment, crowd, recorder) = (stage.Deployment, stage.Crowd, stage.Recorder);
        var watch = Stopwatch.StartNew();
        var (sent, unanswered, refreshes) = (client.Sent, client.Unanswered, recorder.Refreshes);
        await scenario.PrepareAsync(stage);
        crowd.Operator.Forget();
        recorder.Begin(crowd.Known(deployment.Now));

        using var stop = new CancellationTokenSource();
        var acting = Task.Run(() => crowd.ActAsync(stop.Token));
        var faults = await scenario.InjectAsync(stage);
        await stop.CancelAsync();

        // A client that asks the same across a rollback asks another storage.
        recorder.GivesUp = scenario.Rollback is not null;
        await acting;
        recorder.GivesUp = false;
        await scenario.MendAsync(stage);
        await deployment.PassAsync(scenario.Pass);
        await crowd.SettleAsync();

        var stored = await StoredReader.ReadAsync(deployment);
        var findings = Find(scenario, stage, stored);
        Report.Show(scenario.Name, findings);
        var history = recorder.Current;
        var stolen = history.Where(e => e.IsTheft).Select(e => e.Session).ToHashSet();
        var mine = history.Select(e => e.Session).ToHashSet();
        rows.Add(new Outcomes(scenario.Name)
        {
            Seconds = watch.Elapsed.TotalSeconds,
            Requests = client.Sent - sent,
            Refreshes = recorder.Refreshes - refreshes,
            Rotations = history.Count(e => e is { Verb: Verb.Refresh, Presented: { } presented, Returned: { } returned }
                && returned.Generation > presented.Generation),
            Faults = faults,
            Unanswered = client.Unanswered - unanswered,
            EndedAsReused = stored.Events.Count(e =>
                e.Reason == EndReasons.RefreshTokenReused && mine.Contains(e.Session) && !stolen.Contains(e.Session)),
        }.With(findings));
        Console.WriteLine(Line(rows[^1]));
        Report.Write(plan, rows);
    }

    private List<Finding> Find(Scenario scenario, Stage stage, Stored stored)
    {
        var history = stage.Recorder.Current;
        terms.InOrder &= scenario.Skew == TimeSpan.Zero;
        terms.TakenBack.UnionWith(scenario.Rollback is { } rollback ? history.Where(rollback.MayUndo).Select(e => e.User) : []);
        var living = stage.Crowd.People.SelectMany(p => p.Holdings).Select(h => h.Id).ToHashSet();
        return
        [
            .. stage.Recorder.Findings,
            .. stage.Crowd.People.Where(p => p.UserId is null).Select(_ => new Finding(Wrong.HalfMade, "a sign-up never came to an end", [])),
            .. Checker.Check(history, plan.Leeway, scenario.Skew, scenario.Rollback),
            .. Audit.Check(stored, stage.Recorder.All, living, terms),
        ];
    }

    private static string Line(Outcomes row) =>
        $"{row.Scenario,-32} {row.Seconds,5:f0} s {row.Requests,7} requests {row.Refreshes,7} refreshes {row.Faults,6} faults "
        + $"{row.Unanswered,5} unanswered   {row.Verdict}";

    private int Verdict()
    {
        var kills = rows.Where(r => r.Scenario == new Kills(0).Name).Sum(r => r.Faults);
        var refreshes = rows.Sum(r => r.Refreshes);
        var short_ = plan.Only is null && (kills < plan.Kills || refreshes < plan.Refreshes);
        Console.WriteLine($"{kills} kills of {plan.Kills}, {refreshes} refreshes of {plan.Refreshes}, seed {plan.Seed}"
            + (short_ ? ": FEWER THAN ASKED FOR" : ""));
        return rows.All(r => r.IsKept) && !short_ ? 0 : 1;
    }
}
