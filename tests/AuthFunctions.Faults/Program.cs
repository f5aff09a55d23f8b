using AuthFunctions.Faults;
using AuthFunctions.Faults.Cluster;

// instance: one instance of the service, to be killed. Else a whole run, which starts them.
if (args is ["instance"])
{
    await InstanceProgram.RunAsync();
    return 0;
}

return Plan.Parse(args) is { } plan ? await new Run(plan).RunAsync() : 2;
