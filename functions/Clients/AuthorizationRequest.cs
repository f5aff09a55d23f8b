using System.Text.Json.Serialization;
using AuthFunctions.Protocol;

namespace AuthFunctions.Clients;

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

    /// <summary>
    /// Only these users will do: the <c>sub</c> of a genuine <c>id_token_hint</c>, or those that <c>claims</c> names; null if anybody will.
    /// </summary>
    public IReadOnlyList<string>? Subjects { get; init; }

    /// <summary>Claims that are asked for by name, as far as the client may.</summary>
    public GrantedClaims Claims { get; init; } = GrantedClaims.None;

    /// <summary>Languages for the pages, best first (OpenID Connect Core §3.1.2.1); null if none was named.</summary>
    public string? UiLocales { get; init; }

    /// <summary>RFC 8707: the audience of the access token, or null for the site's default.</summary>
    public string? Resource { get; init; }

    /// <summary>RFC 9449 §10: thumbprint of the only key that the code can be redeemed with, or null.</summary>
    public string? DpopKey { get; init; }

    /// <summary>When the request was made: with <c>prompt=login</c> the user must have signed in since.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>The session that the consent page was shown to; null anywhere else. Its form grants for nobody else.</summary>
    public string? ShownTo { get; init; }

    /// <summary>What the user is asked to consent to: the scope, and what claims that are asked for by name would be in the scope of.</summary>
    public Scope AskedOfUser() => Protocol.Scope.Of([.. Protocol.Scope.Parse(Scope).Values, .. Claims.Scope.Values]);
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AuthorizationRequest))]
internal sealed partial class AuthorizationRequestJson : JsonSerializerContext;
