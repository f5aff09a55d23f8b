namespace Azure.Security.KeyVault.Keys.Cryptography;

/// <summary>An unwrapped key.</summary>
public class UnwrapResult
{
    internal UnwrapResult(string keyId, byte[] key, KeyWrapAlgorithm algorithm)
    {
        KeyId = keyId;
        Key = key;
        Algorithm = algorithm;
    }

    /// <summary>The address of the version that did it.</summary>
    public string KeyId { get; }

    /// <summary>The key.</summary>
    public byte[] Key { get; }

    /// <summary>How it was done.</summary>
    public KeyWrapAlgorithm Algorithm { get; }
}
