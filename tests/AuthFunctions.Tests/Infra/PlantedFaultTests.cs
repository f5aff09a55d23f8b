namespace AuthFunctions.Tests.Infra;

/// <summary>Each rule finds what it is there for: every case changes one thing in a copy of infra/ that is without fault.</summary>
public sealed class PlantedFaultTests
{
    public static TheoryData<string> Cases => [.. PlantedFaults.All.Select(f => f.Expected)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_planted_fault_is_found(string expected)
    {
        var planted = PlantedFaults.All.Single(f => f.Expected == expected);

        // The last rules build the service; most faults are found before.
        Assert.Contains(expected, PlantedFaults.Rules.SelectMany(rule => rule(InfraCopy.With(planted)))
            .FirstOrDefault(fault => fault.Contains(expected, StringComparison.Ordinal)) ?? "nothing", StringComparison.Ordinal);
    }
}
