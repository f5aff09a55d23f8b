namespace Azure.Security.KeyVault.Keys;

/// <summary>One version of a key: its public part, and what the vault says of it.</summary>
public class KeyVaultKey
{
    /// <summary>A key of which only the name is known.</summary>
    public KeyVaultKey(string name) => Properties = new KeyProperties(name);

    internal KeyVaultKey(KeyProperties properties, JsonWebKey key)
    {
        Properties = properties;
        Key = key;
    }

    /// <summary>The address of the version.</summary>
    public Uri Id => Properties.Id;

    /// <summary>The public part.</summary>
    public JsonWebKey Key { get; }

    /// <summary>What it may be used for.</summary>
    public IReadOnlyCollection<KeyOperation> KeyOperations => Key?.KeyOps;

    /// <summary>What kind it is.</summary>
    public KeyType KeyType => Key?.KeyType ?? default;

    /// <summary>The key's name.</summary>
    public string Name => Properties.Name;

    /// <summary>What the vault says of it.</summary>
    public KeyProperties Properties { get; }
}
