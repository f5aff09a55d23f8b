namespace AuthFunctions.Sessions;

/// <summary>Why a session ended, as its event says. Stored, so never renamed.</summary>
public static class EndReasons
{
    public const string SignedOut = "signed_out";
    public const string EndedByUser = "ended_by_user";
    public const string Replaced = "replaced";
    public const string Cap = "too_many_sessions";
    public const string Revoked = "revoked";
    public const string CodeReused = "code_reused";
    public const string ConsentWithdrawn = "consent_withdrawn";
    public const string HandoffReused = "handoff_reused";
    public const string RefreshTokenReused = "refresh_token_reused";
    public const string EndedByOperator = "ended_by_operator";
}
