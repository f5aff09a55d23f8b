using AuthFunctions.Tests.Fixtures;

namespace AuthFunctions.Tests.Handoff;

/// <summary>One service for the tests of a class, with the sample's settings; each test brings people of its own.</summary>
public sealed class HandoffService : IAsyncLifetime
{
    internal TestService Service { get; private set; } = null!;

    public async Task InitializeAsync() => Service = await TestService.StartAsync();

    public async Task DisposeAsync() => await Service.DisposeAsync();
}
