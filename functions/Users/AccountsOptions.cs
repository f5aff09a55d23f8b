namespace AuthFunctions.Users;

/// <summary>Settings <c>Accounts</c>.</summary>
public sealed class AccountsOptions
{
    /// <summary>The settings section.</summary>
    public const string Section = "Accounts";

    /// <summary>Whether an address must be confirmed before it has an account. On by default; off in the local sample.</summary>
    public bool ConfirmEmail { get; set; } = true;

    /// <summary>How long a registration waits for its confirmation, 5 minutes to 7 days; 24 hours by default.</summary>
    public TimeSpan ConfirmationLifetime { get; set; } = TimeSpan.FromHours(24);
}
