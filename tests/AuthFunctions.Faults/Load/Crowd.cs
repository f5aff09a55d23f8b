using AuthFunctions.Faults.Checking;

namespace AuthFunctions.Faults.Load;

/// <summary>The people, and what they do while things fail.</summary>
internal sealed class Crowd(Recorder recorder, ServiceClient client, Plan plan)
{
    private readonly List<List<Person>> people = [.. Enumerable.Range(0, plan.Workers).Select(_ => new List<Person>())];
    private int named;

    /// <summary>False where a token that lives ten seconds would be refused for the clocks' sake.</summary>
    public bool HandsOff { get; set; } = true;

    /// <summary>Which share of the refreshes two tabs make at once.</summary>
    public double Races { get; set; } = 0.05;

    /// <summary>How often two tabs did.</summary>
    public int Raced => raced;

    private int raced;

    public Operator Operator { get; } = new(recorder, client);

    public IEnumerable<Person> People => people.SelectMany(p => p);

    /// <summary>Signs people up, each with so many sessions.</summary>
    public Task GrowAsync() => Task.WhenAll(people.Select(async (mine, worker) =>
    {
        var random = new Random(plan.Seed + worker);
        for (var i = worker; i < plan.People; i += people.Count)
        {
            var person = await NewcomerAsync(mine, random);
            await person.SignInInBrowserAsync();
            while (person.Holdings.Count < plan.SessionsEach)
            {
                await RefillAsync(person, random);
            }
        }
    }));

    /// <summary>Has everybody do as people do, until told to stop; returns when what was begun is done.</summary>
    public Task ActAsync(CancellationToken stop) => Task.WhenAll(people.Select(async (mine, worker) =>
    {
        var random = new Random(plan.Seed + (31 * worker) + named);
        await Task.Yield();
        while (!stop.IsCancellationRequested)
        {
            await ActOnceAsync(mine, random);
        }
    }));

    /// <summary>Has everybody settle what is open.</summary>
    public Task SettleAsync() => EachAsync(p => p.SettleAsync());

    /// <summary>Has every session refreshed once: what signed its tokens is no more.</summary>
    public Task RenewAsync()
    {
        Operator.Forget();
        return EachAsync(async p =>
        {
            foreach (var holding in p.Holdings.ToList())
            {
                await p.RefreshAsync(holding);
            }
        });
    }

    /// <summary>What is known when a scenario begins.</summary>
    public IEnumerable<Entry> Known(TimeSpan now) => People.SelectMany(p => p.Known(now));

    private Task EachAsync(Func<Person, Task> action) => Task.WhenAll(people.Select(async mine =>
    {
        foreach (var person in mine.ToList())
        {
            await action(person);
        }
    }));

    private async Task<Person> NewcomerAsync(List<Person> mine, Random random)
    {
        var person = new Person($"p{Interlocked.Increment(ref named)}-{plan.Seed}@people.test", recorder, Operator, random);
        mine.Add(person);
        await person.RegisterAsync();
        return person;
    }

    private async Task ActOnceAsync(List<Person> mine, Random random)
    {
        var person = mine[random.Next(mine.Count)];
        if (person.UserId is null)
        {
            // Whose sign-up got no answer waits.
            await Task.Delay(1);
            return;
        }

        var rotating = person.Holdings.Where(h => h.RefreshToken is not null).ToList();
        if (person.Holdings.Count < plan.SessionsEach)
        {
            await RefillAsync(person, random);
            return;
        }

        Holding? Any(Func<Holding, bool> which) => person.Holdings.Where(which).OrderBy(_ => random.Next()).FirstOrDefault();
        var choice = random.Next(1000);
        await (choice switch
        {
            < 4 => NewcomerAsync(mine, random),
            < 8 => person.SignInInBrowserAsync(),
            < 20 => HandsOff ? person.HandOffAsync() : Task.CompletedTask,
            < 30 => person.GrantAsync(),
            < 32 when Any(h => h.Holder == Holder.Native) is { } native => person.SignOutEverywhereAsync(native),
            < 34 => person.MeetOperatorAsync(),
            < 44 when Any(h => h.Holder != Holder.Web) is { } mayLeave => person.SignOutAsync(mayLeave),
            < 48 when Any(h => h.Holder == Holder.Web) is { } web => person.RevokeAsync(web),
            < 51 when Any(h => h.Code is not null) is { } web => person.ReuseCodeAsync(web),
            < 54 when Any(h => h.UsedUp is not null) is { } stolen => person.StealAsync(stolen),
            < 94 when Any(_ => true) is { } seen => person.LookAsync(seen),
            < 150 when Any(h => h.Sid is not null) is { } browser => person.RefreshAsync(browser),
            _ when rotating.Count > 0 => RefreshAsync(person, rotating[random.Next(rotating.Count)], random),
            _ => person.SignInAsync(),
        });
    }

    private Task RefreshAsync(Person person, Holding holding, Random random)
    {
        var race = random.NextDouble() < Races;
        if (race)
        {
            Interlocked.Increment(ref raced);
        }

        return person.RefreshAsync(holding, race);
    }

    private static async Task RefillAsync(Person person, Random random)
    {
        var before = person.Holdings.Count;
        if (random.Next(4) == 0)
        {
            await (person.Holdings.Any(h => h.Holder == Holder.Browser) ? person.GrantAsync() : person.SignInInBrowserAsync());
        }

        if (person.Holdings.Count == before)
        {
            await person.SignInAsync();
        }
    }
}
