using System.Numerics;

namespace AuthFunctions.Faults.Checking;

/// <summary>
/// Looks for an order in which one request after the other explains what clients were told about a session: it must keep to real time, so that
/// what was answered before something else was sent comes first. What got no answer may come at any time from when it was sent, or never.
/// </summary>
internal sealed class Ordering
{
    /// <summary>How long a request that nobody waits for any more may still take effect: three tries of five seconds, and some.</summary>
    private static readonly TimeSpan Afterlife = TimeSpan.FromSeconds(30);

    /// <summary>A history that takes more is not decided. The longest of a run takes some thousands.</summary>
    private const int MaxStates = 500_000;

    private readonly Step[] answered;
    private readonly Step[] unanswered;
    private readonly TimeSpan leeway;
    private readonly TimeSpan skew;
    private readonly HashSet<Place> seen = [];
    private int furthest;

    private Ordering(IEnumerable<Step> steps, TimeSpan leeway, TimeSpan skew)
    {
        var all = steps.OrderBy(s => s.Entry.Start).ToLookup(s => s.IsCertain);
        answered = [.. all[true]];
        unanswered = [.. all[false].Select(s => s with { Entry = s.Entry with { End = s.Entry.End + Afterlife } })];
        (this.leeway, this.skew) = (leeway, skew);
    }

    /// <summary>Null if there is such an order; else the step that none can explain, or that the search came to before it was given up.</summary>
    public static (Step Step, bool IsDecided)? Unexplained(IEnumerable<Step> steps, SessionModel start, TimeSpan leeway, TimeSpan skew)
    {
        var ordering = new Ordering(steps, leeway, skew);
        return ordering.Search(start) ? null : (ordering.answered[ordering.furthest], ordering.seen.Count <= MaxStates);
    }

    private bool Search(SessionModel start)
    {
        // Depth first, by hand: a history is deeper than a stack.
        var open = new Stack<Place>();
        open.Push(new(0, BigInteger.Zero, BigInteger.Zero, start));
        while (open.TryPop(out var here))
        {
            if (here.Frontier == answered.Length)
            {
                return true;
            }

            if (!seen.Add(here))
            {
                continue;
            }

            if (seen.Count > MaxStates)
            {
                return false;
            }

            furthest = Math.Max(furthest, here.Frontier);
            foreach (var next in Next(here))
            {
                open.Push(next);
            }
        }

        return false;
    }

    /// <summary>
    /// Where the next request can lead: it was sent before any other that is still to come had been answered. What comes last here is looked
    /// at first.
    /// </summary>
    private IEnumerable<Place> Next(Place here)
    {
        var (candidates, until) = Candidates(here);
        return Unanswered(here, until).Concat(
            from i in candidates.OrderByDescending(i => answered[i].Entry.End)
            from state in here.State.After(By(until, answered[i]), leeway, skew)
            select Taken(here, i, state));
    }

    private (List<int> Found, TimeSpan Until) Candidates(Place here)
    {
        var (found, until) = (new List<int>(), TimeSpan.MaxValue);
        for (var i = here.Frontier; i < answered.Length && answered[i].Entry.Start <= until; i++)
        {
            if (!here.Has(i))
            {
                found.Add(i);
                until = answered[i].Entry.End < until ? answered[i].Entry.End : until;
            }
        }

        return (found, until);
    }

    /// <summary>
    /// What got no answer matters only if it changes something, and nothing changes a session that is over: so an end is one whoever asked for
    /// it, and what had no effect is as if it had never come.
    /// </summary>
    private IEnumerable<Place> Unanswered(Place here, TimeSpan until)
    {
        if (here.State.Life != Life.Alive)
        {
            yield break;
        }

        var last = LastStart(here);
        for (var i = 0; i < unanswered.Length && unanswered[i].Entry.Start <= until; i++)
        {
            if (unanswered[i].Entry.End < last || (here.Spent >> i & 1) == 1)
            {
                continue;
            }

            foreach (var state in here.State.After(By(until, unanswered[i]), leeway, skew).Where(s => s != here.State))
            {
                yield return here with { Spent = Spent(state, here.Spent | BigInteger.One << i, last), State = state };
            }
        }
    }

    /// <summary>Which of those without an answer must be told apart still: none that can come no more.</summary>
    private BigInteger Spent(SessionModel state, BigInteger spent, TimeSpan last)
    {
        for (var i = 0; i < unanswered.Length && unanswered[i].Entry.Start <= last; i++)
        {
            spent = unanswered[i].Entry.End < last ? spent & ~(BigInteger.One << i) : spent;
        }

        return state.Life == Life.Ended ? BigInteger.Zero : spent;
    }

    /// <summary>What comes before others has come when they were answered.</summary>
    private static Step By(TimeSpan until, Step step) => step.Entry.End <= until ? step : step with { Entry = step.Entry with { End = until } };

    private TimeSpan LastStart(Place here) => here.Last is { } i ? answered[i].Entry.Start : TimeSpan.MinValue;

    private Place Taken(Place here, int i, SessionModel state)
    {
        var (frontier, taken) = (here.Frontier, here.Taken | BigInteger.One << (i - here.Frontier));
        while (!taken.IsEven)
        {
            (frontier, taken) = (frontier + 1, taken >> 1);
        }

        var after = new Place(frontier, taken, here.Spent, state);
        return after with { Spent = Spent(state, here.Spent, LastStart(after)) };
    }

    /// <summary>How far an order has come.</summary>
    /// <param name="Frontier">The first answered request that is still to come.</param>
    /// <param name="Taken">Those from there on that have come, a bit each.</param>
    /// <param name="Spent">Those without an answer that have come, a bit each.</param>
    /// <param name="State">What the session is then.</param>
    private readonly record struct Place(int Frontier, BigInteger Taken, BigInteger Spent, SessionModel State)
    {
        /// <summary>The one sent last of those that have come, or null.</summary>
        public int? Last => !Taken.IsZero ? Frontier + (int)Taken.GetBitLength() - 1 : Frontier > 0 ? Frontier - 1 : null;

        public bool Has(int i) => (Taken >> (i - Frontier) & 1) == 1;
    }
}
