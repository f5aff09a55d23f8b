namespace AuthFunctions.FakeVault;

/// <summary>The kinds of keys made here.</summary>
internal enum KeyKind
{
    /// <summary>P-256, for ES256.</summary>
    Ec,

    /// <summary>RSA 3072, for RSA-OAEP-256.</summary>
    Rsa,
}
