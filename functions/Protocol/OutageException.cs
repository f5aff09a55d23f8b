namespace AuthFunctions.Protocol;

/// <summary>Storage, the vault or the password hasher cannot serve right now. Answered as 503 with <c>Retry-After</c>.</summary>
/// <param name="part">What cannot serve: a table's name, "signing keys". No request data.</param>
/// <param name="inner">What the client library said.</param>
public sealed class OutageException(string part, Exception? inner = null) : Exception($"{part} cannot serve right now.", inner)
{
    /// <summary>
    /// What the caller is told to wait. Shorter than the shortest refresh leeway, so that a retried refresh still finds its successor.
    /// </summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>What cannot serve.</summary>
    public string Part { get; } = part;

    /// <summary>The outage behind an exception, or null. Data Protection wraps whatever its key ring meets in a CryptographicException.</summary>
    public static OutageException? Behind(Exception? exception) =>
        exception is null ? null : exception as OutageException ?? Behind(exception.InnerException);
}
