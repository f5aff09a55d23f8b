using System.Text.RegularExpressions;

namespace AuthFunctions.Tests.Rules;

/// <summary>A folder uses only folders of a lower layer, by <c>using</c> or by qualified name. Documentation may name anything.</summary>
internal static partial class LayerRule
{
    /// <summary>From the bottom up. Folders of one layer do not use each other.</summary>
    public static readonly IReadOnlyList<IReadOnlyList<string>> Layers =
    [
        ["Protocol", "Telemetry"],
        ["Storage", "Sites"],
        ["Http", "Events", "Outbox"],
        ["Clients", "Users", "SigningKeys"],
        ["Sessions"],
        ["Tokens", "Pages"],
        [
            "SignIn", "SignOut", "Session", "Handoff", "Authorize", "Device", "UserInfo", "Discovery", "Account", "Manage", "Delivery", "Purge",
            "Health",
        ],
    ];

    /// <summary>The composition root sees all layers.</summary>
    private const string Root = "Program.cs";

    public static IReadOnlyList<string> Violations(IReadOnlyList<SourceFile> files)
    {
        var types = files.Where(f => f.Folder.Length > 0).SelectMany(Declared).ToLookup(d => d.Folder, d => d.Type, StringComparer.Ordinal);
        return [.. files.Where(f => f.Path != Root).SelectMany(f => Violations(f, types))];
    }

    private static IEnumerable<string> Violations(SourceFile file, ILookup<string, string> types)
    {
        if (LayerOf(file.Folder) is not { } own)
        {
            yield return $"{file.Path}: folder '{file.Folder}' has no layer.";
            yield break;
        }

        foreach (var (folder, index) in Used(file, types).Where(u => u.Folder != file.Folder))
        {
            if (!(LayerOf(folder) < own))
            {
                yield return $"{file.At(index)} uses {folder}, which is no lower layer than {file.Folder}.";
            }
        }
    }

    private static IEnumerable<(string Folder, int Index)> Used(SourceFile file, ILookup<string, string> types)
    {
        foreach (Match match in FullName().Matches(file.Code))
        {
            yield return (match.Groups[1].Value, match.Index);
        }

        // From inside AuthFunctions a folder's name is enough: Http.PageForm. A property may bear the name too, but no type follows it.
        foreach (Match match in PartName().Matches(file.Code))
        {
            if (types[match.Groups[1].Value].Contains(match.Groups[2].Value, StringComparer.Ordinal))
            {
                yield return (match.Groups[1].Value, match.Index);
            }
        }
    }

    private static IEnumerable<(string Folder, string Type)> Declared(SourceFile file) => file.IsCSharp
        ? Declaration().Matches(file.Code).Select(m => (file.Folder, m.Groups[1].Value))
        : [(file.Folder, file.Name)];

    private static int? LayerOf(string folder) =>
        Layers.Select((folders, layer) => (folders, layer)).Where(l => l.folders.Contains(folder, StringComparer.Ordinal))
            .Select(l => (int?)l.layer).FirstOrDefault();

    [GeneratedRegex(@"(?<!namespace\s+)(?<![\w.])AuthFunctions\.(\w+)")]
    private static partial Regex FullName();

    [GeneratedRegex(@"(?<![\w.])([A-Z]\w*)\s*\.\s*([A-Z]\w*)")]
    private static partial Regex PartName();

    [GeneratedRegex(@"\b(?:class|struct|record|interface|enum|delegate\s+[\w<>?,\[\]]+)\s+([A-Z]\w*)")]
    private static partial Regex Declaration();
}
