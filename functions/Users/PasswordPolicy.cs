using Microsoft.Extensions.Options;

namespace AuthFunctions.Users;

/// <summary>Which passwords may be chosen (NIST SP 800-63B-4 §3.1.1.2): by length and by a list, without rules of composition.</summary>
public sealed class PasswordPolicy(IOptions<PasswordsOptions> options, CommonPasswords common)
{
    /// <summary>Longest password, in characters: the hash takes any length, a request must not.</summary>
    public const int MaxLength = 256;

    /// <summary>Why the password may not be chosen, for the person choosing; null if it may.</summary>
    public string? Fault(string password, EmailAddress email)
    {
        if (Passwords.Normalise(password) is not { } normalised)
        {
            return "The password is not valid Unicode.";
        }

        // Characters as people count them, so that a phrase in any script is measured alike.
        var length = normalised.EnumerateRunes().Count();
        if (length < options.Value.MinLength || length > MaxLength)
        {
            return $"The password must have {options.Value.MinLength} to {MaxLength} characters, but has {length}.";
        }

        if (ContainsAddress(normalised, email))
        {
            return "The password must not contain the e-mail address.";
        }

        return common.Contains(normalised) ? "The password is one of the most common ones." : null;
    }

    private static bool ContainsAddress(string password, EmailAddress email) =>
        password.Contains(email.Typed, StringComparison.OrdinalIgnoreCase)
        || (email.LocalPart.Length >= 4 && password.Contains(email.LocalPart, StringComparison.OrdinalIgnoreCase));
}
