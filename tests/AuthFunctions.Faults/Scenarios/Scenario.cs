using AuthFunctions.Faults.Checking;
using AuthFunctions.Faults.Cluster;
using AuthFunctions.Faults.Load;

namespace AuthFunctions.Faults.Scenarios;

/// <summary>What a scenario has at hand.</summary>
internal sealed record Stage(Deployment Deployment, Crowd Crowd, Recorder Recorder, Plan Plan, Random Random);

/// <summary>One way in which things fail, while people go on with what they do.</summary>
internal abstract class Scenario
{
    /// <summary>What a reader calls it.</summary>
    public abstract string Name { get; }

    /// <summary>How much time passes before all is settled: more than the leeway, and than a sign-up may be under way.</summary>
    public virtual TimeSpan Pass => TimeSpan.FromSeconds(90);

    /// <summary>How far the clocks are apart.</summary>
    public virtual TimeSpan Skew => TimeSpan.Zero;

    /// <summary>What storage took back although it had acknowledged it, or null.</summary>
    public Rollback? Rollback { get; protected set; }

    /// <summary>Before anybody acts.</summary>
    public virtual Task PrepareAsync(Stage stage) => Task.CompletedTask;

    /// <summary>While people act. Returns how many faults there were.</summary>
    public abstract Task<int> InjectAsync(Stage stage);

    /// <summary>When everybody has finished, and before it is settled. All works again afterwards.</summary>
    public virtual Task MendAsync(Stage stage) => Task.CompletedTask;
}
