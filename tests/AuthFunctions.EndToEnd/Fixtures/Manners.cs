namespace AuthFunctions.EndToEnd.Fixtures;

/// <summary>The manners in which a flow is to be completed.</summary>
public static class Manners
{
    /// <summary>For what the service's own pages do.</summary>
    public static TheoryData<Manner> All => [Manner.Mouse, Manner.Keyboard, Manner.WithoutScript];

    /// <summary>For the demo frontends, which are nothing without JavaScript.</summary>
    public static TheoryData<Manner> WithScript => [Manner.Mouse, Manner.Keyboard];
}
