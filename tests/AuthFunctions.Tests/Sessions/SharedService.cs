using AuthFunctions.Tests.Fixtures;

namespace AuthFunctions.Tests.Sessions;

/// <summary>One service for the tests of a class, which run one after the other. Each test brings people of its own.</summary>
public class SharedService : IAsyncLifetime
{
    internal TestService Service { get; private set; } = null!;

    private protected virtual Dictionary<string, string?> Settings => [];

    public async Task InitializeAsync() => Service = await TestService.StartAsync(Settings);

    public async Task DisposeAsync() => await Service.DisposeAsync();
}

/// <summary>Both sites in Stateful mode: contoso shares with its subdomains, fabrikam does not.</summary>
public sealed class StatefulService : SharedService
{
    private protected override Dictionary<string, string?> Settings =>
        new() { ["Sites:contoso:CookieMode"] = "Stateful", ["Sites:fabrikam:CookieMode"] = "Stateful" };
}

/// <summary>Both sites in Stateless mode.</summary>
public sealed class StatelessService : SharedService
{
    private protected override Dictionary<string, string?> Settings =>
        new() { ["Sites:contoso:CookieMode"] = "Stateless", ["Sites:fabrikam:CookieMode"] = "Stateless" };
}

/// <summary>Contoso's access tokens are for its API.</summary>
public sealed class ApiService : SharedService
{
    private protected override Dictionary<string, string?> Settings => new() { ["Sites:contoso:Resource"] = "https://api.contoso.example" };
}
