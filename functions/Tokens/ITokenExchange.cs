using AuthFunctions.Protocol;
using AuthFunctions.Sessions;

namespace AuthFunctions.Tokens;

/// <summary>One kind of token that can be had by token exchange (RFC 8693 §2.1). Found by its type.</summary>
public interface ITokenExchange
{
    /// <summary>The value of <c>requested_token_type</c> (<see cref="TokenTypes"/>).</summary>
    string TokenType { get; }

    /// <summary>Issues the token, or says why not.</summary>
    Task<GrantResult> ExchangeAsync(Exchange exchange, CancellationToken ct);
}

/// <summary>A token exchange by a client that may, whose tokens are genuine and whose sessions live.</summary>
/// <param name="Request">The token request.</param>
/// <param name="Subject">Whose token is exchanged.</param>
/// <param name="Session">The session behind it; null where no user is involved.</param>
/// <param name="Actor">Who acts for the subject; null if nobody is named.</param>
/// <param name="Scope">What is asked for, no more than the subject token allows; null for all of that.</param>
public sealed record Exchange(GrantRequest Request, AccessToken Subject, FoundSession? Session, AccessToken? Actor, Scope? Scope)
{
    /// <summary>What the client gets at most: what the token allows and the client may have.</summary>
    public Scope Allowed => Protocol.Scope.Of(Subject.Scope.Values.Where(Request.Client.Scopes.Contains));
}
