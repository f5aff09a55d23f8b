using AuthFunctions.Storage;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Tests.LostResponses;

/// <summary>What befalls the one commit that a scenario is about.</summary>
public enum Trouble
{
    /// <summary>It landed; the answer is an outage (a timeout, a 500), and the row can be read again.</summary>
    LostAsOutage,

    /// <summary>It landed; the next try's answer is a conflict (409, 412), and the row can be read again.</summary>
    LostAsConflict,

    /// <summary>It did not land.</summary>
    NotLanded,

    /// <summary>It landed, the answer is an outage, and so is that of every read after it.</summary>
    LostAndUnreadable,

    /// <summary>It landed, the next try's answer is a conflict, and that of every read after it an outage.</summary>
    ConflictAndUnreadable,
}

/// <summary>One commit of the product and how a caller comes to it.</summary>
/// <param name="Site">The place, as <see cref="CommitSites"/> names it.</param>
/// <param name="Table">The table that it commits to.</param>
/// <param name="Picks">Tells this commit from the others that the same request makes.</param>
/// <param name="ArrangeAsync">Brings the service to where the request can be made.</param>
internal sealed record Scenario(
    string Site, string Table, Func<IReadOnlyList<Change>, bool> Picks, Func<TestService, Task<Request>> ArrangeAsync)
{
    public Dictionary<string, string?> Settings { get; init; } = [];

    public Action<IServiceCollection>? Adjust { get; init; }

    /// <summary>The table to make fail, where it is not the service's own.</summary>
    public FaultingTable? Faults { get; init; }
}

/// <summary>A request that makes the commit.</summary>
/// <param name="SendAsync">Sends it, and may be called again.</param>
/// <param name="Status">The status when it succeeds.</param>
/// <param name="CheckAsync">Asserts what is stored and what the answer is worth.</param>
internal sealed record Request(
    Func<Task<HttpResponseMessage>> SendAsync, int Status, Func<HttpResponseMessage, Course, Task> CheckAsync)
{
    /// <summary>How the caller tries again after a 503; sends the same by default.</summary>
    public Func<Course, Task<HttpResponseMessage>>? RepeatAsync { get; init; }

    /// <summary>The status then, where it is another.</summary>
    public Func<Course, int>? RepeatStatus { get; init; }

    /// <summary>True where the request succeeds whatever becomes of the commit.</summary>
    public bool NeverFails { get; init; }
}

/// <summary>What happened before the last answer.</summary>
/// <param name="Landed">The commit that met trouble landed.</param>
/// <param name="Repeated">The caller was told 503 and tried again.</param>
internal sealed record Course(bool Landed, bool Repeated)
{
    /// <summary>How often a change that no caller can be held to make only once has happened.</summary>
    public int Times => Landed && Repeated ? 2 : 1;
}

/// <summary>Ways to tell commits apart.</summary>
internal static class Picks
{
    public static bool Any(IReadOnlyList<Change> changes) => changes.Count > 0;

    public static Func<IReadOnlyList<Change>, bool> Adding(string prefix) =>
        changes => changes.Any(c => c is Change.Add && c.Key.StartsWith(prefix, StringComparison.Ordinal));

    public static Func<IReadOnlyList<Change>, bool> Replacing(string prefix) =>
        changes => changes.Any(c => c is Change.Replace && c.Key.StartsWith(prefix, StringComparison.Ordinal));

    public static Func<IReadOnlyList<Change>, bool> Deleting(string prefix) =>
        changes => changes.Any(c => c is Change.Delete && c.Key.StartsWith(prefix, StringComparison.Ordinal));
}
