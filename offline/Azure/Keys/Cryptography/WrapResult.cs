namespace Azure.Security.KeyVault.Keys.Cryptography;

/// <summary>A wrapped key.</summary>
public class WrapResult
{
    internal WrapResult(string keyId, byte[] encryptedKey, KeyWrapAlgorithm algorithm)
    {
        KeyId = keyId;
        EncryptedKey = encryptedKey;
        Algorithm = algorithm;
    }

    /// <summary>The address of the version that did it.</summary>
    public string KeyId { get; }

    /// <summary>The wrapped key.</summary>
    public byte[] EncryptedKey { get; }

    /// <summary>How it was done.</summary>
    public KeyWrapAlgorithm Algorithm { get; }
}
