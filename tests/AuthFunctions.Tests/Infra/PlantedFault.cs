namespace AuthFunctions.Tests.Infra;

/// <summary>One change to a file of infra/, and what some rule must then say.</summary>
public sealed record PlantedFault(string File, string Find, string Replacement)
{
    public string Expected { get; init; } = "";
}
