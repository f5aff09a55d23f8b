using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace AuthFunctions.Device;

/// <summary>
/// What a person types from a device's screen (RFC 8628 §6.1): 8 of 20 letters that neither look alike nor spell words, 34.5 bits. That a code
/// lives minutes and that guesses are slowed down makes up for what it is short of.
/// </summary>
public sealed record UserCode
{
    /// <summary>Letters of a code.</summary>
    public const int Length = 8;

    private const string Alphabet = "BCDFGHJKLMNPQRSTVWXZ";

    private UserCode(string letters) => Letters = letters;

    /// <summary>The letters alone, in upper case.</summary>
    public string Letters { get; }

    /// <summary>base64url SHA-256 of the letters: the address of its row, which does not show the code.</summary>
    public string Hash => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Letters)));

    /// <summary>A fresh code.</summary>
    public static UserCode New() => new(RandomNumberGenerator.GetString(Alphabet, Length));

    /// <summary>As a person types it: in either case, with or without dash, spaces and other punctuation.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out UserCode? code)
    {
        var letters = string.Concat((text ?? "").Where(char.IsLetterOrDigit)).ToUpperInvariant();
        code = letters.Length == Length && letters.All(c => Alphabet.Contains(c, StringComparison.Ordinal)) ? new UserCode(letters) : null;
        return code is not null;
    }

    /// <summary>As it is shown: <c>XXXX-XXXX</c>.</summary>
    public override string ToString() => $"{Letters[..4]}-{Letters[4..]}";
}
