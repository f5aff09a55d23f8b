using AuthFunctions.Tests.Fixtures;

namespace AuthFunctions.Tests.Properties;

/// <summary>One service for the properties of a class: what they send changes nothing that another would miss.</summary>
public sealed class ServiceFixture : IAsyncLifetime
{
    private TestService? service;

    internal TestService Service => service ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync() => service = await TestService.StartAsync();

    public async Task DisposeAsync() => await Service.DisposeAsync();
}
