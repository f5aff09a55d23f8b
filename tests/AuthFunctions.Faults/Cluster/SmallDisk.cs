using System.Diagnostics;

namespace AuthFunctions.Faults.Cluster;

/// <summary>A disk of a few megabytes that can be filled up: a tmpfs, where one may be mounted.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string filler;
    private bool isMounted = true;

    private SmallDisk(string folder)
    {
        (Folder, filler) = (folder, Path.Combine(folder, "filler"));
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();
    }

    /// <summary>Where it is mounted.</summary>
    public string Folder { get; }

    /// <summary>Mounts one; null where this process may not.</summary>
    public static SmallDisk? TryMount(string folder, long bytes)
    {
        Directory.CreateDirectory(folder);
        return OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", $"size={bytes}", "tmpfs", folder) ? new SmallDisk(folder) : null;
    }

    /// <summary>Leaves no byte free.</summary>
    public void Fill()
    {
        using var file = new FileStream(filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        foreach (var size in (int[])[65536, 4096, 1])
        {
            try
            {
                while (true)
                {
                    file.Write(new byte[size]);
                }
            }
            catch (IOException)
            {
                // Full, at this size.
            }
        }
    }

    /// <summary>Makes room again.</summary>
    public void Free() => File.Delete(filler);

    public void Dispose()
    {
        if (isMounted)
        {
            isMounted = !Run("umount", "-l", Folder);
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
