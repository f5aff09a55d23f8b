using System.Collections.Concurrent;
using System.Diagnostics;
using AuthFunctions.Faults.Checking;
using AuthFunctions.Faults.Cluster;

namespace AuthFunctions.Faults.Load;

/// <summary>Sends requests and writes down each with what came of it.</summary>
internal sealed class Recorder(Deployment deployment, ServiceClient client)
{
    /// <summary>How long anybody asks the same again: both instances may have to start, on a machine that has other work too.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly List<Entry> earlier = [];
    private ConcurrentQueue<Entry> entries = new();
    private ConcurrentQueue<Finding> findings = new();
    private int refreshes;
    private int chains;

    /// <summary>All of the run, this scenario's last.</summary>
    public IEnumerable<Entry> All => earlier.Concat(entries);

    /// <summary>This scenario's.</summary>
    public IReadOnlyList<Entry> Current => [.. entries];

    /// <summary>Answers that no request can have.</summary>
    public IReadOnlyList<Finding> Findings => [.. findings];

    /// <summary>Refreshes that were answered with tokens, in the whole run.</summary>
    public int Refreshes => refreshes;

    /// <summary>True if nobody asks again: what gets no answer stays open.</summary>
    public bool GivesUp { get; set; }

    /// <summary>A new scenario begins, with these sessions known to live.</summary>
    public void Begin(IEnumerable<Entry> known)
    {
        earlier.AddRange(entries);
        (entries, findings) = (new(known), new());
    }

    /// <summary>Asks once.</summary>
    /// <param name="draft">What is asked.</param>
    /// <param name="request">The request.</param>
    /// <param name="read">The entry by the answer; null if that is no answer to this request.</param>
    /// <param name="instance">Whom to ask, or null for anybody.</param>
    public async Task<(Reply Reply, Entry Entry)> AskAsync(
        Entry draft, HttpRequestMessage request, Func<Reply, Entry, Entry?> read, int? instance = null)
    {
        var start = deployment.Now;
        var reply = await client.SendAsync(request, instance);
        var note = $"{reply.Status} {reply.Code}";
        var unknown = draft with { Outcome = Outcome.Unknown };
        var answered = reply.IsUnknown ? unknown : read(reply, draft);
        var entry = (answered ?? unknown) with { Start = start, End = deployment.Now, Note = note };
        entries.Enqueue(entry);
        if (answered is null)
        {
            findings.Enqueue(new Finding(Wrong.Unexplained, $"no answer to such a request:{Environment.NewLine}    {entry} {reply.Location}", []));
        }
        else if (entry is { Verb: Verb.Refresh, Outcome: Outcome.Done })
        {
            Interlocked.Increment(ref refreshes);
        }

        return (reply, entry);
    }

    /// <summary>Asks the same again until there is an answer, as a client does that knows what the service promises.</summary>
    public async Task<(Reply Reply, Entry Entry)> InsistAsync(Entry draft, Func<HttpRequestMessage> request, Func<Reply, Entry, Entry?> read)
    {
        draft = draft with { Chain = Interlocked.Increment(ref chains) };
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            var (reply, entry) = await AskAsync(draft, request(), read);
            if (entry.Outcome != Outcome.Unknown || !reply.IsUnknown || GivesUp || Stopwatch.GetElapsedTime(since) > Patience)
            {
                return (reply, entry);
            }

            // Retry-After is a second; a connection that broke is tried again at once.
            await Task.Delay(reply.Status == 503 ? 1000 : 100);
        }
    }
}
