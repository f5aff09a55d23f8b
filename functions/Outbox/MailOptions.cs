namespace AuthFunctions.Outbox;

/// <summary>
/// Settings <c>Mail</c>: the server that takes the mails (SMTP with STARTTLS). In Development none is needed: see <c>/dev/outbox</c>.
/// </summary>
public sealed class MailOptions
{
    /// <summary>The settings section.</summary>
    public const string Section = "Mail";

    /// <summary>The server's name, or null for none.</summary>
    public string? Host { get; set; }

    /// <summary>The server's port; 587 by default, that of submission (RFC 6409).</summary>
    public int Port { get; set; } = 587;

    /// <summary>The name to sign in to the server with, or null.</summary>
    public string? User { get; set; }

    /// <summary>The password to it. In Azure a reference to a secret of the Key Vault, never the secret itself.</summary>
    public string? Password { get; set; }

    /// <summary>The address that mails come from; people see the site's display name before it.</summary>
    public string? From { get; set; }
}
