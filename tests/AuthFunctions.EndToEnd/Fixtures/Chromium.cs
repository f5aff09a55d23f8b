using System.Text.Json;
using AuthFunctions.Tests.Fixtures;

namespace AuthFunctions.EndToEnd.Fixtures;

/// <summary>
/// The browser: one for a test run, the machine's own Chromium or Chrome. A machine without one fails the tests, and says what to install.
/// </summary>
internal static class Chromium
{
    /// <summary>The environment variable that names another one.</summary>
    private const string Override = "CHROMIUM";

    private static readonly Lazy<Task<IBrowser>> LazyShared = new(LaunchAsync);

    public static Task<IBrowser> SharedAsync() => LazyShared.Value;

    private static async Task<IBrowser> LaunchAsync()
    {
        var playwright = await Playwright.CreateAsync();
        return await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Find(),
            Args =
            [
                // Names under localhost are loopback to a browser whatever the machine's resolver says; here on the one address that all listen on.
                "--host-resolver-rules=MAP *.localhost 127.0.0.1",

                // Chromium's sandbox does not start as root, which is who runs in a container.
                .. Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows() ? ["--no-sandbox"] : Array.Empty<string>(),
            ],
        });
    }

    private static string Find()
    {
        if (Environment.GetEnvironmentVariable(Override) is { Length: > 0 } named)
        {
            return File.Exists(named) ? named : throw new InvalidOperationException($"{Override} names {named}, but there is no such file.");
        }

        // scripts/test looks in the same places.
        using var known = JsonDocument.Parse(File.ReadAllText(Path.Combine(Azurite.RepositoryRoot, "tests/AuthFunctions.EndToEnd/chromium.json")));
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var candidates = Texts("names").SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).Concat(Texts("paths"));
        return candidates.FirstOrDefault(File.Exists) ?? throw new InvalidOperationException(
            "These tests need Chromium or Chrome. Install one (Debian: apt-get install chromium), "
            + $"or name it in the environment variable {Override}.");

        List<string> Texts(string name) => [.. known.RootElement.GetProperty(name).EnumerateArray().Select(e => e.GetString()!)];
    }
}
