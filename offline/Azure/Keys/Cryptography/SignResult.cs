namespace Azure.Security.KeyVault.Keys.Cryptography;

/// <summary>A signature.</summary>
public class SignResult
{
    internal SignResult(string keyId, byte[] signature, SignatureAlgorithm algorithm)
    {
        KeyId = keyId;
        Signature = signature;
        Algorithm = algorithm;
    }

    /// <summary>The address of the version that did it.</summary>
    public string KeyId { get; }

    /// <summary>The signature: for ES256 R and S, 64 bytes in all.</summary>
    public byte[] Signature { get; }

    /// <summary>How it was done.</summary>
    public SignatureAlgorithm Algorithm { get; }
}
