namespace AuthFunctions.SigningKeys;

/// <summary>Where a key is in its life.</summary>
public enum KeyState
{
    /// <summary>Published, but not signing yet.</summary>
    Announced,

    /// <summary>Signs.</summary>
    Signing,

    /// <summary>Signs no more, but tokens of it may still be about: published.</summary>
    Retiring,

    /// <summary>No token of it can be alive: published no more.</summary>
    Retired,

    /// <summary>Taken out of use by an operator, or expired: neither signs nor is published.</summary>
    Pulled,
}
