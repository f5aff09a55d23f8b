namespace AuthFunctions.SigningKeys;

/// <summary>The keys of one moment.</summary>
/// <param name="Current">The key that signs; also one of <paramref name="Published"/>.</param>
/// <param name="Published">The keys that verifiers may meet: announced, signing and lately retired.</param>
/// <param name="FreshUntil">When to load them anew.</param>
public sealed record KeySet(SigningKey Current, IReadOnlyList<SigningKey> Published, DateTimeOffset FreshUntil);
