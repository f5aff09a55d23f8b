using System.Text.Json;
using AuthFunctions.Tests.Fixtures;

namespace AuthFunctions.EndToEnd.Fixtures;

/// <summary>axe-core: what of WCAG and of good practice a program can check.</summary>
internal static class Axe
{
    private static readonly Lazy<string> Source = new(() =>
    {
        Azurite.EnsurePackages();
        return File.ReadAllText(Path.Combine(Azurite.RepositoryRoot, "node_modules/axe-core/axe.min.js"));
    });

    /// <summary>Each violation on the page that is open: the rule, and the elements that break it.</summary>
    public static async Task<IReadOnlyList<string>> ViolationsAsync(IPage page)
    {
        await page.EvaluateAsync(Source.Value);
        var found = await page.EvaluateAsync<string>(
            """
            async () => JSON.stringify((await axe.run(document, { resultTypes: ['violations'], preload: false })).violations
              .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(node => node.html).join(' ')}`))
            """);
        return JsonSerializer.Deserialize<List<string>>(found)!;
    }
}
