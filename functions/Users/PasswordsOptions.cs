namespace AuthFunctions.Users;

/// <summary>Settings <c>Passwords</c>.</summary>
public sealed class PasswordsOptions
{
    /// <summary>The settings section.</summary>
    public const string Section = "Passwords";

    /// <summary>Shortest password, 8 to 64 characters; 15 by default (NIST SP 800-63B-4 §3.1.1.2).</summary>
    public int MinLength { get; set; } = 15;

    /// <summary>
    /// Rounds of PBKDF2-HMAC-SHA512, 210,000 to 10,000,000 (from 1 in Development); 220,000 by default. OWASP asks for 210,000, which
    /// is more than ASP.NET Core Identity's own default. Passwords are hashed anew on sign-in when it rises.
    /// </summary>
    public int Iterations { get; set; } = 220_000;
}
