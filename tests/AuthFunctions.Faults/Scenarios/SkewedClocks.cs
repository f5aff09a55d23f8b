using AuthFunctions.Faults.Cluster;

namespace AuthFunctions.Faults.Scenarios;

/// <summary>One instance's clock ahead of the other's, then behind it.</summary>
internal sealed class SkewedClocks(TimeSpan skew, bool handsOff) : Scenario
{
    public override string Name => handsOff ? $"clocks {skew.TotalSeconds} s apart, with handoffs" : $"clocks {skew.TotalMinutes} min apart";

    public override TimeSpan Pass => base.Pass + (3 * skew);

    /// <remarks>An instance's clock leaps by twice as much as the two are ever apart.</remarks>
    public override TimeSpan Skew => 2 * skew;

    public override Task PrepareAsync(Stage stage)
    {
        stage.Crowd.HandsOff = handsOff;
        return Task.CompletedTask;
    }

    public override async Task<int> InjectAsync(Stage stage)
    {
        await stage.Deployment.SkewAsync(skew, TimeSpan.Zero);
        await Task.Delay(stage.Plan.Span);

        // The same difference the other way round. No instance's clock goes backwards, or the two would not be all that differs.
        await stage.Deployment.SkewAsync(skew, 2 * skew);
        await Task.Delay(stage.Plan.Span);
        return Deployment.Size;
    }

    public override async Task MendAsync(Stage stage)
    {
        await stage.Deployment.EvenOutAsync();
        stage.Crowd.HandsOff = true;
    }
}
