namespace AuthFunctions.Account;

/// <summary>What holds for all mails that tell of a change.</summary>
internal static class Notice
{
    /// <summary>How long a notice is worth sending.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromDays(3);
}
