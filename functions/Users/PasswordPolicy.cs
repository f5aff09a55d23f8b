using AuthFunctions.Http;
using Microsoft.Extensions.Options;

namespace AuthFunctions.Users;

/// <summary>Which passwords may be chosen (NIST SP 800-63B-4 §3.1.1.2): by length and by a list, without rules of composition.</summary>
public sealed class PasswordPolicy(IOptions<PasswordsOptions> options, CommonPasswords common)
{
    /// <summary>Longest password, in characters: the hash takes any length, a request must not.</summary>
    public const int MaxLength = 256;

    /// <summary>Shortest password, in characters.</summary>
    public int MinLength => options.Value.MinLength;

    /// <summary>Why the password may not be chosen, as the answer to whoever is choosing; null if it may.</summary>
    /// <param name="password">The password.</param>
    /// <param name="email">Whose it would be.</param>
    /// <param name="field">The field of the request that holds it.</param>
    public Problem? Check(string password, EmailAddress email, string field) => Fault(password, email) is var (detail, text)
        ? new Problem(400, "password_refused", detail) { Field = field, Text = text }
        : null;

    private (string Detail, ProblemText Text)? Fault(string password, EmailAddress email)
    {
        if (Passwords.Normalise(password) is not { } normalised)
        {
            return ("The password is not valid Unicode.", new("password_unreadable"));
        }

        // Characters as people count them, so that a phrase in any script is measured alike.
        var length = normalised.EnumerateRunes().Count();
        if (length < MinLength || length > MaxLength)
        {
            return (
                $"The password must have {MinLength} to {MaxLength} characters, but has {length}.",
                new("password_length", MinLength, MaxLength, length));
        }

        if (ContainsAddress(normalised, email))
        {
            return ("The password must not contain the e-mail address.", new("password_address"));
        }

        return common.Contains(normalised) ? ("The password is one of the most common ones.", new("password_common")) : null;
    }

    private static bool ContainsAddress(string password, EmailAddress email) =>
        password.Contains(email.Typed, StringComparison.OrdinalIgnoreCase)
        || (email.LocalPart.Length >= 4 && password.Contains(email.LocalPart, StringComparison.OrdinalIgnoreCase));
}
