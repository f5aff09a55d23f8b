namespace AuthFunctions.Faults.Checking;

/// <summary>
/// Looks for an order in which one request after the other explains what clients were told about a session: it must keep to real time, so that
/// what was answered before something else was sent comes first. What got no answer may come at any time from when it was sent, or never.
/// </summary>
internal sealed class Ordering
{
    /// <summary>How long a request that nobody waits for any more may still take effect: three tries of five seconds, and some.</summary>
    private static readonly TimeSpan Afterlife = TimeSpan.FromSeconds(30);

    /// <summary>Requests under way at once about one session; there are never as many.</summary>
    private const int Window = 64;

    private const int MaxStates = 2_000_000;

    private readonly Step[] steps;
    private readonly TimeSpan leeway;
    private readonly TimeSpan skew;
    private readonly HashSet<(int, ulong, SessionModel)> seen = [];
    private int furthest = -1;

    private Ordering(IEnumerable<Step> steps, TimeSpan leeway, TimeSpan skew)
    {
        this.steps = [.. steps.Select(WithAfterlife).OrderBy(s => s.Entry.Start)];
        (this.leeway, this.skew) = (leeway, skew);
    }

    /// <summary>Null if there is such an order; else the step that none can explain.</summary>
    public static Step? Unexplained(IEnumerable<Step> steps, SessionModel start, TimeSpan leeway, TimeSpan skew)
    {
        var ordering = new Ordering(steps, leeway, skew);
        return ordering.Search(start) ? null : ordering.steps[Math.Max(0, ordering.furthest)];
    }

    private static Step WithAfterlife(Step step) =>
        step.IsCertain ? step : step with { Entry = step.Entry with { End = step.Entry.End + Afterlife } };

    private bool Search(SessionModel start)
    {
        // Depth first, by hand: a history is deeper than a stack.
        var open = new Stack<(int Frontier, ulong Taken, SessionModel State)>();
        open.Push((0, 0, start));
        while (open.TryPop(out var here))
        {
            var (frontier, taken, state) = Advance(here);
            if (frontier == steps.Length)
            {
                return true;
            }

            if (!seen.Add((frontier, taken, state)) || seen.Count > MaxStates)
            {
                continue;
            }

            if (!steps[frontier].IsCertain)
            {
                // It never happened: looked at when all else has failed.
                open.Push((frontier, taken | 1, state));
            }

            Note(frontier, taken);
            foreach (var next in Candidates(frontier, taken))
            {
                foreach (var after in state.After(steps[next], leeway, skew))
                {
                    open.Push((frontier, taken | (1UL << (next - frontier)), after));
                }
            }
        }

        return false;
    }

    /// <summary>What can come next: it was sent before anything else that is still to come had been answered. Certain ones are pushed last.</summary>
    private IEnumerable<int> Candidates(int frontier, ulong taken)
    {
        var until = TimeSpan.MaxValue;
        var found = new List<int>();
        for (var i = frontier; i < steps.Length && i - frontier < Window && steps[i].Entry.Start <= until; i++)
        {
            if ((taken >> (i - frontier) & 1) == 0)
            {
                found.Add(i);
                until = steps[i].IsCertain && steps[i].Entry.End < until ? steps[i].Entry.End : until;
            }
        }

        return found.Where(i => steps[i].Entry.Start <= until).OrderBy(i => steps[i].IsCertain).ThenByDescending(i => steps[i].Entry.End);
    }

    private static (int Frontier, ulong Taken, SessionModel State) Advance((int Frontier, ulong Taken, SessionModel State) here)
    {
        var (frontier, taken, state) = here;
        while ((taken & 1) == 1)
        {
            (frontier, taken) = (frontier + 1, taken >> 1);
        }

        return (frontier, taken, state);
    }

    /// <summary>The first certain step that is still to come, where the search got furthest.</summary>
    private void Note(int frontier, ulong taken)
    {
        for (var i = frontier; i < steps.Length && i - frontier < Window; i++)
        {
            if ((taken >> (i - frontier) & 1) == 0 && steps[i].IsCertain)
            {
                furthest = Math.Max(furthest, i);
                return;
            }
        }
    }
}
