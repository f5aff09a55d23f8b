using System.Runtime.InteropServices;

namespace AuthFunctions.Users;

/// <summary>Lets every other thread go first on a core that both want.</summary>
internal static class Niceness
{
    /// <summary>About a tenth of a core that others want too, all of one that nobody wants.</summary>
    private const int Yielding = 10;

    private const int PriorityOfProcess = 0, ThisThread = 0;

    /// <summary>Of this thread, to its end: what is given up cannot be had back.</summary>
    public static void Yield()
    {
        if (OperatingSystem.IsLinux())
        {
            // Linux keeps a niceness for each thread, which the runtime's priorities do not set.
            _ = SetPriority(PriorityOfProcess, ThisThread, Yielding);
        }
        else
        {
            Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
        }
    }

    [DllImport("libc", EntryPoint = "setpriority")]
    private static extern int SetPriority(int which, uint who, int priority);
}
