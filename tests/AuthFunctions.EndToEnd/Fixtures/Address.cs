namespace AuthFunctions.EndToEnd.Fixtures;

/// <summary>Where one of the two sites is.</summary>
/// <param name="Name">Its name in the settings.</param>
/// <param name="Auth">The origin of its auth host.</param>
/// <param name="App">The origin of its frontend.</param>
public sealed record Address(string Name, string Auth, string App)
{
    public static Address Of(string name, int port, int frontendPort) =>
        new(name, $"http://auth.{name}.localhost:{port}", $"http://app.{name}.localhost:{frontendPort}");
}
