namespace AuthFunctions.Tests.Fixtures;

/// <summary>How the fake vault is to misbehave.</summary>
/// <param name="Operation">sign, wrap, unwrap, get, list, create, rotate, update, or any.</param>
public sealed record VaultFault(string Operation)
{
    /// <summary>The status to answer with; null lets the request through, after the delay.</summary>
    public int? Status { get; init; }

    /// <summary>Seconds, sent as <c>Retry-After</c>; null sends none.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>What to wait before the answer.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>True drops the connection without an answer.</summary>
    public bool Drop { get; init; }

    /// <summary>To how many requests it applies; null means to all until faults are cleared.</summary>
    public int? Count { get; init; }
}
