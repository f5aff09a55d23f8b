namespace AuthFunctions.FakeVault;

/// <summary>How the vault is to misbehave.</summary>
/// <param name="Operation">sign, wrap, unwrap, get, list, create, rotate, update, or any.</param>
/// <param name="Status">The status to answer with; null lets the request through, after the delay.</param>
/// <param name="RetryAfter">Seconds, sent as <c>Retry-After</c>; null sends none.</param>
/// <param name="DelayMs">Milliseconds to wait first.</param>
/// <param name="Drop">True drops the connection without an answer.</param>
/// <param name="Count">To how many requests it applies; null means to all until faults are cleared.</param>
internal sealed record Fault(string Operation, int? Status, int? RetryAfter, int DelayMs, bool Drop, int? Count);
