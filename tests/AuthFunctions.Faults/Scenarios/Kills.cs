namespace AuthFunctions.Faults.Scenarios;

/// <summary>kill -9 of an instance at random moments, half of the time while the other goes on, half of the time of both, so that nobody is there.</summary>
internal sealed class Kills(int kills) : Scenario
{
    public override string Name => "instances killed";

    public override async Task<int> InjectAsync(Stage stage)
    {
        var (deployment, random) = (stage.Deployment, stage.Random);
        for (var left = kills; left > 0;)
        {
            await Task.Delay(random.Next(0, 500));
            var victims = left > 1 && random.Next(2) == 0 ? deployment.Instances : [deployment.Instances[random.Next(deployment.Instances.Count)]];
            await Task.WhenAll(victims.Select(v => v.KillAsync()));
            await Task.WhenAll(victims.Select(deployment.StartAsync));
            left -= victims.Count;
        }

        return kills;
    }
}
