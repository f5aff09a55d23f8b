using AuthFunctions.Faults.Proxy;

namespace AuthFunctions.Faults.Scenarios;

/// <summary>Some of the requests to storage meet a fault on their way.</summary>
internal sealed class WireFaults(string name, double share, params WireFault[] faults) : Scenario
{
    public override string Name => name;

    public override async Task<int> InjectAsync(Stage stage)
    {
        var proxy = stage.Deployment.Proxy;
        proxy.Switch(share, stage.Random.Next(), faults);
        await Task.Delay(stage.Plan.Span);
        proxy.Clear();
        return proxy.Injected;
    }
}
