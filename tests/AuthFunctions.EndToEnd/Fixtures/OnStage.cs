namespace AuthFunctions.EndToEnd.Fixtures;

/// <summary>Tests that share one stage, one after another: some move its clock.</summary>
[CollectionDefinition(Name)]
public sealed class OnStage : ICollectionFixture<Stage>
{
    public const string Name = "stage";
}
