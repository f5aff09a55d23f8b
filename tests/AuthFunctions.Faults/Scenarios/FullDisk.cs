using AuthFunctions.Faults.Checking;
using AuthFunctions.Faults.Cluster;

namespace AuthFunctions.Faults.Scenarios;

/// <summary>
/// Azurite's disk is full. Its saves fail, of which it says nothing, and then it is killed: it has acknowledged what it takes back, and no
/// service can keep what its storage denies. What was done since its last save may be so or not; all else holds.
/// </summary>
internal sealed class FullDisk : Scenario
{
    /// <summary>It saves every five seconds.</summary>
    private static readonly TimeSpan PastSave = TimeSpan.FromSeconds(6.5);

    /// <summary>From when it takes a save's contents to when the file has its name.</summary>
    private static readonly TimeSpan SaveTakes = TimeSpan.FromSeconds(2);

    private SmallDisk? disk;
    private string usualFolder = "";

    public override string Name => "full disk for Azurite";

    public override async Task PrepareAsync(Stage stage)
    {
        var deployment = stage.Deployment;
        await deployment.StopStorageAsync();
        usualFolder = deployment.DataFolder;
        var size = new FileInfo(AzuriteProcess.DataFile(usualFolder)).Length;

        // A save is written beside the one before it.
        disk = SmallDisk.TryMount(Path.Combine(deployment.Folder, "disk"), (4 * size) + (4 << 20));
        if (disk is null)
        {
            // No right to mount: a limit on the file's size fails the same write.
            await deployment.StartStorageAsync(largestFile: size + (16 << 10));
            return;
        }

        Move(usualFolder, disk.Folder);
        deployment.DataFolder = disk.Folder;
        await deployment.StartStorageAsync();
    }

    public override async Task<int> InjectAsync(Stage stage)
    {
        var deployment = stage.Deployment;
        await Task.Delay(stage.Plan.Span / 4);
        disk?.Fill();
        var filled = DateTime.UtcNow;
        await Task.Delay(PastSave);
        await deployment.Storage.DisposeAsync();

        var died = deployment.Now;
        var saved = File.GetLastWriteTimeUtc(AzuriteProcess.DataFile(deployment.DataFolder));
        Rollback = new Rollback(died - (DateTime.UtcNow - saved) - SaveTakes, died);

        // Nothing can be stored.
        await Task.Delay(stage.Plan.Span / 4);
        return saved < filled ? 1 : 0;
    }

    public override async Task MendAsync(Stage stage)
    {
        var deployment = stage.Deployment;
        if (disk is not null)
        {
            disk.Free();
            Move(disk.Folder, usualFolder);
            deployment.DataFolder = usualFolder;
            disk.Dispose();
        }

        await deployment.StartStorageAsync();
        if (Rollback is { } rollback)
        {
            foreach (var person in stage.Crowd.People)
            {
                person.TakeBack(rollback.Since);
            }
        }
    }

    private static void Move(string from, string to) =>
        File.Copy(AzuriteProcess.DataFile(from), AzuriteProcess.DataFile(to), overwrite: true);
}
