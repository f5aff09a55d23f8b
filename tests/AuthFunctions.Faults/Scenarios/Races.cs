namespace AuthFunctions.Faults.Scenarios;

/// <summary>Tabs present the same refresh secret at the same moment, at either instance, until there were as many refreshes as asked for.</summary>
internal sealed class Races : Scenario
{
    public override string Name => "two instances, racing tabs";

    public override async Task<int> InjectAsync(Stage stage)
    {
        var (crowd, before) = (stage.Crowd, stage.Crowd.Raced);
        var usual = crowd.Races;
        crowd.Races = 0.9;
        var stalled = 0;
        await Task.Delay(stage.Plan.Span);
        for (var seen = 0; stage.Recorder.Refreshes < stage.Plan.Refreshes && stalled < 20; await Task.Delay(500))
        {
            stalled = stage.Recorder.Refreshes == seen ? stalled + 1 : 0;
            seen = stage.Recorder.Refreshes;
        }

        crowd.Races = usual;
        return crowd.Raced - before;
    }
}
