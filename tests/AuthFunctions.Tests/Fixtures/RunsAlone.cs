namespace AuthFunctions.Tests.Fixtures;

/// <summary>Tests that time things, or count what is one for the whole process: nothing else runs while they do.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RunsAlone
{
    public const string Name = "runs alone";
}
