using System.Text.Json.Serialization;

namespace AuthFunctions.Authorize;

/// <summary>
/// An authorization request (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.1) that was checked, as it travels sealed through sign-in and
/// consent.
/// </summary>
public sealed record AuthorizationRequest
{
    /// <summary>The site whose endpoint was asked.</summary>
    public required string Site { get; init; }

    /// <summary>The client.</summary>
    public required string ClientId { get; init; }

    /// <summary>Where the answer goes; one of the client's.</summary>
    public required string RedirectUri { get; init; }

    /// <summary><c>query</c> or <c>form_post</c>.</summary>
    public required string ResponseMode { get; init; }

    /// <summary>What is asked for.</summary>
    public required string Scope { get; init; }

    /// <summary>Given back as it came.</summary>
    public string? State { get; init; }

    /// <summary>Put into the ID token.</summary>
    public string? Nonce { get; init; }

    /// <summary>RFC 7636 §4.2, method S256.</summary>
    public required string CodeChallenge { get; init; }

    /// <summary>Values of <c>prompt</c>.</summary>
    public IReadOnlyList<string> Prompt { get; init; } = [];

    /// <summary>Longest time since the user signed in, in seconds; null if none was asked.</summary>
    public int? MaxAge { get; init; }

    /// <summary>Who is expected, for the sign-in form.</summary>
    public string? LoginHint { get; init; }

    /// <summary>The <c>sub</c> of a genuine <c>id_token_hint</c>: only this user will do.</summary>
    public string? Subject { get; init; }

    /// <summary>RFC 8707: the audience of the access token, or null for the site's default.</summary>
    public string? Resource { get; init; }

    /// <summary>When the request was made: with <c>prompt=login</c> the user must have signed in since.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>The session that the consent page was shown to; null anywhere else. Its form grants for nobody else.</summary>
    public string? ShownTo { get; init; }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AuthorizationRequest))]
internal sealed partial class AuthorizeJson : JsonSerializerContext;
