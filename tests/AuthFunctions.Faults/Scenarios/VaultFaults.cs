using AuthFunctions.Faults.Cluster;

namespace AuthFunctions.Faults.Scenarios;

/// <summary>The vault that signs each token is slow, too busy, broken, and gone.</summary>
internal sealed class VaultFaults : Scenario, IAsyncDisposable
{
    private VaultProcess? vault;

    public override string Name => "vault slow, 429, 5xx, cut off";

    public override async Task PrepareAsync(Stage stage)
    {
        vault = await VaultProcess.StartAsync(stage.Deployment.Folder);
        await stage.Deployment.RestartAsync(vault.Settings, vault.Environment);
        await stage.Crowd.RenewAsync();
    }

    public override async Task<int> InjectAsync(Stage stage)
    {
        object[] faults =
        [
            new { operation = "sign", delay_ms = 400 },
            new { operation = "sign", delay_ms = 4000 },
            new { operation = "sign", status = 429, retry_after = 1 },
            new { operation = "sign", status = 500 },
            new { operation = "any", status = 503 },
            new { operation = "any", drop = true },
        ];
        var met = 0;
        foreach (var fault in faults)
        {
            var before = await vault!.SignaturesAsync();
            await vault.SwitchAsync(fault);
            await Task.Delay(stage.Plan.Span / 3);
            await vault.ClearAsync();
            met += await vault.SignaturesAsync() - before;

            // Between two outages all is well for a moment.
            await Task.Delay(stage.Plan.Span / 6);
        }

        return met;
    }

    public async ValueTask DisposeAsync()
    {
        if (vault is not null)
        {
            await vault.DisposeAsync();
        }
    }
}
