using System.Buffers.Text;
using System.Security.Cryptography;

namespace AuthFunctions.FakeVault;

/// <summary>One version of a key, its private part included.</summary>
internal sealed class KeyVersion
{
    private readonly ECDsa? ec;
    private readonly RSA? rsa;

    public KeyVersion(KeyKind kind, IReadOnlyList<string>? operations, long now)
    {
        Kind = kind;
        Created = Updated = now;
        if (kind == KeyKind.Ec)
        {
            ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            Operations = operations ?? ["sign", "verify"];
        }
        else
        {
            rsa = RSA.Create(3072);
            Operations = operations ?? ["wrapKey", "unwrapKey"];
        }
    }

    public string Version { get; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    public KeyKind Kind { get; }

    public long Created { get; }

    public long Updated { get; private set; }

    public bool Enabled { get; private set; } = true;

    public long? NotBefore { get; private set; }

    public long? Expires { get; private set; }

    public IReadOnlyList<string> Operations { get; private set; }

    public void Update(AttributesJson? attributes, IReadOnlyList<string>? operations, long now)
    {
        Enabled = attributes?.Enabled ?? Enabled;
        NotBefore = attributes?.Nbf ?? NotBefore;
        Expires = attributes?.Exp ?? Expires;
        Operations = operations ?? Operations;
        Updated = now;
    }

    public AttributesJson Attributes() => new(Enabled, NotBefore, Expires, Created, Updated, "Recoverable+Purgeable");

    public MaterialJson Material(string kid)
    {
        if (ec is not null)
        {
            var point = ec.ExportParameters(includePrivateParameters: false).Q;
            return new MaterialJson(kid, "EC", Operations, "P-256", Text(point.X!), Text(point.Y!), null, null);
        }

        var numbers = rsa!.ExportParameters(includePrivateParameters: false);
        return new MaterialJson(kid, "RSA", Operations, null, null, null, Text(numbers.Modulus!), Text(numbers.Exponent!));
    }

    // R and S side by side, which is .NET's own form too.
    public byte[] Sign(byte[] digest) => ec!.SignHash(digest);

    public byte[] Wrap(byte[] key) => rsa!.Encrypt(key, RSAEncryptionPadding.OaepSHA256);

    public byte[] Unwrap(byte[] wrapped) => rsa!.Decrypt(wrapped, RSAEncryptionPadding.OaepSHA256);

    private static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
