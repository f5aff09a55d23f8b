using System.Runtime.InteropServices;
using AuthFunctions.Faults;
using AuthFunctions.Faults.Cluster;

// instance: one instance of the service, to be killed. Else a whole run, which starts them.
if (args is ["instance"])
{
    await InstanceProgram.RunAsync();
    return 0;
}

// A signal by itself ends the process without its ProcessExit, and so without what it started: Azurite, the vault, a mounted disk.
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Leave);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Leave);
using var hungUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Leave);
return Plan.Parse(args) is { } plan ? await new Run(plan).RunAsync() : 2;

static void Leave(PosixSignalContext signal)
{
    signal.Cancel = true;
    Environment.Exit(1);
}
