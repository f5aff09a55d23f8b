namespace AuthFunctions.Tokens;

/// <summary>Settings <c>Dpop</c>: proofs of possession (RFC 9449).</summary>
public sealed class DpopOptions
{
    /// <summary>The settings section.</summary>
    public const string Section = "Dpop";

    /// <summary>
    /// Whether a proof must carry a nonce of this service (RFC 9449 §8), so that none can be made for later use. On by default; clients learn the
    /// nonce from the first refusal, and a fresh one from every answer after it.
    /// </summary>
    public bool RequireNonce { get; set; } = true;

    /// <summary>How long a nonce is good for, 30 seconds to 1 hour; 5 minutes by default.</summary>
    public TimeSpan NonceLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How far a proof's <c>iat</c> may be from now, either way, 10 seconds to 5 minutes; 1 minute by default.</summary>
    public TimeSpan ProofLifetime { get; set; } = TimeSpan.FromMinutes(1);
}
