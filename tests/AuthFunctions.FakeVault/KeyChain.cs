using System.Diagnostics.CodeAnalysis;

namespace AuthFunctions.FakeVault;

/// <summary>The vault's keys. A key is its versions, the newest last.</summary>
internal sealed class KeyChain(VaultClock clock)
{
    private readonly Lock guard = new();
    private readonly Dictionary<string, List<KeyVersion>> keys = new(StringComparer.OrdinalIgnoreCase);

    public KeyVersion Create(string name, KeyKind kind, IReadOnlyList<string>? operations)
    {
        var version = new KeyVersion(kind, operations, clock.UnixSeconds);
        lock (guard)
        {
            if (!keys.TryGetValue(name, out var versions))
            {
                keys[name] = versions = [];
            }

            versions.Add(version);
        }

        return version;
    }

    /// <summary>A new version of the kind of the newest. Null where there is no such key.</summary>
    public KeyVersion? Rotate(string name) =>
        TryFind(name, version: null, out var newest) ? Create(name, newest.Kind, newest.Operations) : null;

    public bool TryFind(string name, string? version, [NotNullWhen(true)] out KeyVersion? found)
    {
        lock (guard)
        {
            found = keys.TryGetValue(name, out var versions)
                ? versions.FindLast(v => version is null || string.Equals(v.Version, version, StringComparison.OrdinalIgnoreCase))
                : null;
        }

        return found is not null;
    }

    /// <summary>In the order of their random names, as the real service lists them, so that nobody takes the last for the newest.</summary>
    public IReadOnlyList<KeyVersion>? List(string name)
    {
        lock (guard)
        {
            return keys.TryGetValue(name, out var versions) ? [.. versions.OrderBy(v => v.Version, StringComparer.Ordinal)] : null;
        }
    }
}
