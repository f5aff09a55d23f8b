namespace AuthFunctions.SigningKeys;

/// <summary>The keys of one moment.</summary>
/// <param name="Current">The key that signs; also one of <paramref name="Published"/>.</param>
/// <param name="Published">The keys that verifiers may meet: announced, signing and retiring.</param>
public sealed record KeySet(SigningKey Current, IReadOnlyList<SigningKey> Published);

/// <summary>A key as operators see it.</summary>
/// <param name="Kid">The RFC 7638 thumbprint.</param>
/// <param name="State">Where it is in its life.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record KeyInfo(string Kid, KeyState State, DateTimeOffset CreatedAt);
