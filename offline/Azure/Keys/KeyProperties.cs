namespace Azure.Security.KeyVault.Keys;

/// <summary>What a vault says of one version of a key, its material apart.</summary>
public class KeyProperties
{
    /// <summary>Of the newest version of a key.</summary>
    public KeyProperties(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
    }

    /// <summary>Of the version at an address: <c>https://{vault}/keys/{name}/{version}</c>.</summary>
    public KeyProperties(Uri id)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (id.Segments is not [_, "keys/", var name, .. var rest] || rest.Length > 1)
        {
            throw new ArgumentException($"Not the address of a key: {id}", nameof(id));
        }

        Id = id;
        VaultUri = new Uri(id.GetLeftPart(UriPartial.Authority));
        Name = name.TrimEnd('/');
        Version = rest is [var version] ? version.TrimEnd('/') : null;
    }

    /// <summary>The address of the version.</summary>
    public Uri Id { get; }

    /// <summary>The address of its vault.</summary>
    public Uri VaultUri { get; }

    /// <summary>The key's name.</summary>
    public string Name { get; }

    /// <summary>The version's name: 32 hexadecimal digits in no order.</summary>
    public string Version { get; }

    /// <summary>Whether it may be used.</summary>
    public bool? Enabled { get; set; }

    /// <summary>Before this moment it does not sign or wrap.</summary>
    public DateTimeOffset? NotBefore { get; set; }

    /// <summary>From this moment on it does not sign or wrap.</summary>
    public DateTimeOffset? ExpiresOn { get; set; }

    /// <summary>When it was made, in whole seconds.</summary>
    public DateTimeOffset? CreatedOn { get; internal set; }

    /// <summary>When its properties were last changed, in whole seconds.</summary>
    public DateTimeOffset? UpdatedOn { get; internal set; }
}
