using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit.Abstractions;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Hostile;

/// <summary>A hundred thousand hostile requests over all routes, by sockets (docs/hostile-input.md).</summary>
[Collection(RunsAlone.Name)]
public sealed class HostileTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Rounds = 5;

    /// <summary>Fewer than may wait for a password to be hashed, so that nobody has to be told to come again.</summary>
    private const int Connections = 24;

    /// <summary>A stranger makes the service write one line; the framework adds some where an answer is JSON or a body is left unread.</summary>
    private const double MostLines = 1.5;

    private const int LongestLine = 400;

    /// <summary>
    /// What may stay of a request, in bytes: no more than an entry of a dictionary with the shortest key. Rows are told apart: in a test
    /// they are in memory too.
    /// </summary>
    private const int MostKept = 100;

    private const int RowSize = 3000;

    private readonly RowLedger ledger = new();
    private readonly ConcurrentDictionary<string, int> answers = new();
    private readonly ConcurrentDictionary<string, (int Times, string First)> faults = new();
    private readonly int seed = Setting("HOSTILE_SEED", 20261122);
    private readonly int count = Setting("HOSTILE_REQUESTS", 100_000);
    private Scene scene = null!;

    [Fact]
    public async Task A_hundred_thousand_hostile_requests_change_nothing_hang_nothing_and_get_no_answer_but_the_contract_s()
    {
        output.WriteLine($"HOSTILE_SEED={seed}");
        var settled = new List<(long Bytes, int Rows)>();
        using var process = Process.GetCurrentProcess();
        for (var round = 0; round < Rounds; round++)
        {
            await AttackAsync(round * (count / Rounds), count / Rounds);
            settled.Add((Settled(), ledger.Rows.Values.Sum()));
            process.Refresh();
            output.WriteLine(
                $"round {round}: {settled[^1].Bytes:N0} bytes, {settled[^1].Rows} rows, {process.TotalProcessorTime.TotalSeconds:F0} s of processors");
        }

        Assert.True(faults.IsEmpty, Told());

        // Pools and caches fill at first; from the third fifth on nothing may grow but the rows.
        var full = settled[2];
        var kept = settled[^1].Bytes - full.Bytes - ((settled[^1].Rows - full.Rows) * (long)RowSize);
        Assert.True(kept < MostKept * (long)count, $"{kept:N0} bytes more than after three fifths, which no row explains");

        // They get somewhere: further than the first check of each operation, and through it where nothing that matters is spoiled.
        Assert.True(answers.Count > 250, string.Join('\n', answers.Keys.Order(StringComparer.Ordinal)));
        Assert.True(answers.Where(a => a.Key.Split(' ')[1] is ['2' or '3', ..]).Sum(a => a.Value) > count / 20);
        Assert.All(OpenApiContract.Shared.Operations, o => Assert.Contains(answers.Keys, a => a.StartsWith(o.Id + " 4", StringComparison.Ordinal)));

        var service = await scene.SampleAsync();
        using var person = await service.SignedInAsync();
        Assert.NotNull(Ceremony.Text(await person.TokensAsync(), "access_token"));
        using var ready = await person.GetAsync(Contoso + "/health/ready");
        Assert.Equal(200, (int)ready.StatusCode);
    }

    public Task InitializeAsync()
    {
        // As host.json has it.
        scene = new(services => ledger.Keep(services.AddLogging(l => l.AddFilter("Microsoft.AspNetCore", LogLevel.Warning))));
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => scene.DisposeAsync();

    private static int Setting(string name, int value) =>
        int.Parse(Environment.GetEnvironmentVariable(name) ?? $"{value}", CultureInfo.InvariantCulture);

    private async Task AttackAsync(int first, int number)
    {
        var templates = await Templates.ProvenAsync(scene);
        var attacks = Attack.All(await Templates.TokensAsync(await scene.SampleAsync()));
        var (rows, answered) = (ledger.Rows, new Dictionary<string, int>(answers));
        foreach (var service in scene.Started)
        {
            service.Log.Take();
        }

        await Parallel.ForAsync(0, Connections, new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (connection, _) =>
        {
            using var wire = new Wire();
            for (var at = first + connection; at < first + number; at += Connections)
            {
                await SendAsync(wire, templates, attacks, at);
            }
        });

        var grown = ledger.Rows.ToDictionary(r => r.Key, r => r.Value - rows.GetValueOrDefault(r.Key));
        var newly = answers.ToDictionary(a => a.Key, a => a.Value - answered.GetValueOrDefault(a.Key));
        var lines = scene.Started.SelectMany(s => s.Log.Take()).ToList();
        foreach (var fault in Writers.Faults(grown, newly).Concat(LogFaults(lines, number)))
        {
            Found("", fault, fault);
        }

        foreach (var service in scene.Started)
        {
            // Nobody waits for the mails; what is in memory in place of a queue is emptied as a queue would be.
            await service.DeliverAsync();
        }
    }

    /// <summary>Nobody outside decides how much is logged, what it says, or that somebody is woken by it.</summary>
    private static IEnumerable<string> LogFaults(List<string> lines, int number) => lines
        .Where(l => !l.StartsWith("Information ", StringComparison.Ordinal) || l.Length > LongestLine || l.Contains('\n', StringComparison.Ordinal)
            || l.Contains(ReplyCheck.Mark, StringComparison.OrdinalIgnoreCase))
        .Select(l => $"log: {l}")
        .Concat(lines.Count > MostLines * number ? [$"log: {lines.Count} lines"] : []);

    private async Task SendAsync(Wire wire, IReadOnlyList<Draft> templates, IReadOnlyList<Attack> attacks, int number)
    {
        var draft = templates[number % templates.Count].Copy(new Random(unchecked((seed * 397) ^ (number * 486187739))));
        var attack = Spoil(draft, attacks);
        var bytes = draft.Write();
        IReadOnlyList<WireReply> replies = [];
        List<string> found = [];
        try
        {
            replies = draft.Framing is not null ? (await Wire.SendAloneAsync(draft.Port, bytes)).Replies
                : await wire.SendAsync(draft.Port, draft.Method, bytes) is { } reply ? [reply]
                : [];
            found.AddRange(replies.Count > 0 ? ReplyCheck.Faults(draft, replies[0]) : draft.IsPlain(bytes) ? ["no answer"] : []);

            // What is left of a request that was refused may be garbage to the server, and is refused as such.
            found.AddRange(replies.Skip(1).Where(r => r.Status != 400).Select(_ => "an answer to what was hidden"));
        }
        catch (Exception exception) when (exception is TimeoutException or FormatException)
        {
            found.Add(exception.Message);
        }

        answers.AddOrUpdate($"{draft.Operation.Id} {(replies.Count == 0 ? "closed" : replies[0].Status)}", 1, (_, n) => n + 1);
        foreach (var fault in found)
        {
            var request = Encoding.Latin1.GetString(bytes);
            var answer = replies.Count == 0 ? "" : $"{replies[^1].Head}\n\n{replies[^1].Body}";
            Found($"{attack} on {draft.Operation.Id}: ", fault, $"HOSTILE_SEED={seed}, request {number}, {attack}: {fault}\n{request}\n--\n{answer}");
        }
    }

    /// <summary>Keeps the first of each kind.</summary>
    private void Found(string where, string fault, string told) =>
        faults.AddOrUpdate(where + fault.Split('\n')[0], (1, told), (_, f) => (f.Times + 1, f.First));

    /// <summary>By one attack mostly, else by two or three; those on framing alone.</summary>
    private static string Spoil(Draft draft, IReadOnlyList<Attack> attacks)
    {
        var chosen = draft.Random.Next(attacks.Count + 2);
        if (chosen < attacks.Count)
        {
            attacks[chosen].Spoil(draft);
            return attacks[chosen].GetType().Name;
        }

        var others = attacks.Where(a => a is not FramingAttack).ToList();
        for (var spoils = draft.Random.Next(2, 4); spoils > 0; spoils--)
        {
            draft.Pick(others).Spoil(draft);
        }

        return "several";
    }

    /// <summary>The kinds of faults, and for some of them a request in full, to be sent again.</summary>
    private string Told()
    {
        var kinds = faults.OrderByDescending(f => f.Value.Times).ToList();
        return $"{kinds.Count} kinds of faults:\n{string.Join('\n', kinds.Take(200).Select(k => $"{k.Value.Times} × {k.Key}"))}\n\n"
            + string.Join("\n\n==\n", kinds.Take(8).Select(k => k.Value.First));
    }

    private static long Settled()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
