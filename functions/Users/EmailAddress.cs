using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Net.Mail;
using System.Security.Cryptography;
using System.Text;
using AuthFunctions.Http;

namespace AuthFunctions.Users;

/// <summary>An e-mail address: as it was typed, to send to; and normalised, to tell whether two are the same.</summary>
public sealed class EmailAddress
{
    /// <summary>RFC 5321 §4.5.3.1.3, less the angle brackets; in octets.</summary>
    public const int MaxLength = 254;

    private EmailAddress(string typed, string normalised)
    {
        Typed = typed;
        Hash = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(normalised)));
        LocalPart = normalised[..normalised.LastIndexOf('@')];
    }

    /// <summary>Trimmed, in the sender's own spelling.</summary>
    public string Typed { get; }

    /// <summary>base64url SHA-256 of the address trimmed, NFC, lower-cased invariantly: the key of table UserEmails.</summary>
    public string Hash { get; }

    /// <summary>What stands before the @, normalised.</summary>
    public string LocalPart { get; }

    /// <summary>The answer to a text that is no address, in a field <c>email</c>.</summary>
    public static Problem Malformed => Problem.InvalidRequest("email must be an e-mail address.", "email") with { Text = new("malformed_email") };

    /// <summary>False if the text is not a single plain address.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out EmailAddress? address)
    {
        address = null;
        var typed = text?.Trim();

        // The RFC counts octets; a token that names a longer address would be a cookie that browsers drop.
        if (typed is not null && Encoding.UTF8.GetByteCount(typed) > MaxLength)
        {
            return false;
        }

        if (typed is null or { Length: 0 or > MaxLength } || typed.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '"' or '<' or '>')
            || Compose(typed) is not { } composed

            // Composed before it is parsed: the parser composes too, and a decomposed address would then differ from what it read.
            || !MailAddress.TryCreate(composed, out var parsed) || parsed.Address != composed)
        {
            return false;
        }

        address = new EmailAddress(typed, composed.ToLowerInvariant());
        return true;
    }

    /// <summary>Hides the address: it never belongs in a log line.</summary>
    public override string ToString() => "(e-mail address)";

    /// <summary>NFC, or null if it is not valid Unicode: JSON and URLs can name code points that are no characters.</summary>
    private static string? Compose(string text)
    {
        try
        {
            return text.Normalize(NormalizationForm.FormC);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
