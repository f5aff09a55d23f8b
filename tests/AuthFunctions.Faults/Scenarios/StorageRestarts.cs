namespace AuthFunctions.Faults.Scenarios;

/// <summary>Azurite stopped and started again on the data it saved.</summary>
internal sealed class StorageRestarts(int restarts) : Scenario
{
    public override string Name => "Azurite stopped and restarted";

    public override async Task<int> InjectAsync(Stage stage)
    {
        for (var i = 0; i < restarts; i++)
        {
            await Task.Delay(stage.Plan.Span / restarts);
            await stage.Deployment.StopStorageAsync();
            await Task.Delay(stage.Random.Next(100, 1500));
            await stage.Deployment.StartStorageAsync();
        }

        await Task.Delay(500);
        return restarts;
    }
}
