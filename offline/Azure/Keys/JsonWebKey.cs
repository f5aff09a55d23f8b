using System.Security.Cryptography;

namespace Azure.Security.KeyVault.Keys;

/// <summary>A public key as JSON (RFC 7517). The vault never shows the private part.</summary>
public class JsonWebKey
{
    internal JsonWebKey(IEnumerable<KeyOperation> keyOps) => KeyOps = [.. keyOps];

    /// <summary>The address of the key's version: <c>kid</c>.</summary>
    public string Id { get; set; }

    /// <summary>The kind of key: <c>kty</c>.</summary>
    public KeyType KeyType { get; set; }

    /// <summary>What it may be used for: <c>key_ops</c>.</summary>
    public IReadOnlyCollection<KeyOperation> KeyOps { get; }

    /// <summary>The curve of an elliptic curve key: <c>crv</c>.</summary>
    public KeyCurveName? CurveName { get; set; }

    /// <summary>The point's X coordinate.</summary>
    public byte[] X { get; set; }

    /// <summary>The point's Y coordinate.</summary>
    public byte[] Y { get; set; }

    /// <summary>The RSA modulus.</summary>
    public byte[] N { get; set; }

    /// <summary>The RSA exponent.</summary>
    public byte[] E { get; set; }

    /// <summary>The key as .NET has it. Throws where it is none of an elliptic curve.</summary>
    public ECDsa ToECDsa(bool includePrivateParameters = false)
    {
        if (KeyType != KeyType.Ec && KeyType != KeyType.EcHsm)
        {
            throw new InvalidOperationException($"The key is of type {KeyType}, not EC or EC-HSM.");
        }

        return CurveName == KeyCurveName.P256
            ? ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = X, Y = Y } })
            : throw new NotSupportedException($"Only P-256 is known here, but the curve is {CurveName}.");
    }

    /// <summary>The key as .NET has it. Throws where it is no RSA key.</summary>
    public RSA ToRSA(bool includePrivateParameters = false) =>
        KeyType == KeyType.Rsa || KeyType == KeyType.RsaHsm
            ? RSA.Create(new RSAParameters { Modulus = N, Exponent = E })
            : throw new InvalidOperationException($"The key is of type {KeyType}, not RSA or RSA-HSM.");
}
