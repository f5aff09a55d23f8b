using AuthFunctions.Protocol;
using AuthFunctions.Sessions;
using AuthFunctions.Storage;
using AuthFunctions.Tokens;

namespace AuthFunctions.Authorize;

/// <summary>Redeems an authorization code (RFC 6749 §4.1.3, RFC 7636 §4.6), once.</summary>
public sealed class AuthorizationCodeGrant(
    CodeStore codes, SessionReader reader, SessionStore sessions, SessionStarter starter, SessionEnder ender, TokenIssuer issuer,
    Pseudonyms pseudonyms, TimeProvider clock) : IGrant
{
    private const int MaxTries = 40;

    /// <inheritdoc/>
    public string GrantType => GrantTypes.AuthorizationCode;

    /// <inheritdoc/>
    public async Task<GrantResult> RedeemAsync(GrantRequest request, CancellationToken ct)
    {
        if (CodeHandle.Read(await pseudonyms.ReadAsync(request.Client, request.Form["code"], ct)) is not { } handle)
        {
            return request.Form["code"] is null
                ? new GrantResult.Rejected(OAuthError.InvalidRequest("code is missing"))
                : Reject("malformed code");
        }

        for (var tries = 0; tries < MaxTries; tries++)
        {
            var finding = codes.FindAsync(handle.UserId, handle.CodeId, ct);
            var reading = reader.FindAsync(handle.UserId, handle.GrantedBy, ct);
            await Task.WhenAll(finding, reading);
            if (await finding is not { } code || !handle.Secret.Matches(code.SecretHash) || code.GrantedBy != handle.GrantedBy)
            {
                return Reject("unknown code");
            }

            // RFC 6749 §10.5, in this order: whoever is not the client may not even end what the code has issued.
            if (code.ClientId != request.Client.ClientId || code.Site != request.Site.Name)
            {
                return Reject("code issued to another client, or at another site");
            }

            // RFC 6749 §4.1.2: a code that comes a second time was stolen, so what it issued is ended.
            if (code.RedeemedFor is { } issued)
            {
                if (await sessions.FindAsync(code.UserId, issued, ct) is { } session)
                {
                    await ender.EndAsync(session, EndReasons.CodeReused, ct);
                }

                return Reject("code redeemed before; what it issued is ended");
            }

            if (Fault(request, code) is { } fault)
            {
                return new GrantResult.Rejected(fault);
            }

            if (await reading is not { } granting
                || granting.WhyDead(clock.GetUtcNow()) is not null || code.Epoch != granting.User.Epoch)
            {
                return Reject("the session that granted the code ended");
            }

            if (await TryRedeemAsync(request, code, granting, ct) is { } result)
            {
                return result;
            }
        }

        throw new OutageException("table Users");
    }

    private OAuthError? Fault(GrantRequest request, CodeRow code)
    {
        if (code.ExpiresAt <= clock.GetUtcNow())
        {
            return OAuthError.InvalidGrant("code expired");
        }

        if (request.Form["redirect_uri"] != code.RedirectUri)
        {
            return OAuthError.InvalidGrant("redirect_uri is not the request's");
        }

        // RFC 9449 §10: whoever stole code and verifier has not the key.
        if (code.DpopKey is not null && code.DpopKey != request.DpopKey)
        {
            return OAuthError.InvalidGrant("bound to another key");
        }

        return request.Form["code_verifier"] switch
        {
            null => OAuthError.InvalidRequest("code_verifier is missing"),
            { } verifier when !Pkce.IsVerifier(verifier) => OAuthError.InvalidRequest("code_verifier is malformed"),
            { } verifier when !Pkce.Matches(verifier, code.CodeChallenge) => OAuthError.InvalidGrant("code_verifier is not the challenge's"),
            _ => null,
        };
    }

    /// <summary>Issues and commits; null if user, root or code changed meanwhile.</summary>
    private async Task<GrantResult?> TryRedeemAsync(GrantRequest request, CodeRow code, FoundSession granting, CancellationToken ct)
    {
        var (audience, targetFault) = ResourceParameter.Read(request.Form, request.Client);
        if (targetFault is not null)
        {
            return new GrantResult.Rejected(targetFault);
        }

        // RFC 8707 §2.2: no other resource than the one that was authorized.
        if (audience is not null && code.Resource is not null && audience != code.Resource)
        {
            return new GrantResult.Rejected(OAuthError.InvalidTarget("another resource than the code's"));
        }

        var resource = audience ?? code.Resource;
        var started = starter.NewGrant(
            granting.User, request.Site, request.Client, granting.Root!, code.Scope, resource, request.SessionDpopKey, code.Claims);
        var tokens = await issuer.IssueAsync(
            request.Site, granting.User, started.Row, code.Scope, resource ?? request.Site.DefaultAudience, ct,
            new() { Nonce = code.Nonce, DpopKey = request.DpopKey });
        var redeemed = codes.Redeem(code, started.Row.Id);

        // The root proves itself for an offline grant too, which it is no parent of: a sign-out that comes first leaves nothing to redeem.
        if (await starter.CommitAsync([redeemed], granting.User, started, granting.Root, null, ct) is Commit.Conflict)
        {
            return null;
        }

        return new GrantResult.Issued(new TokenResponse(tokens.AccessToken, request.TokenType, tokens.ExpiresInSeconds, code.Scope.ToString())
        {
            IdToken = tokens.IdToken,
            RefreshToken = started.Secrets.Refresh is { } refresh
                ? await pseudonyms.WriteAsync(request.Client, RefreshHandle.Issue(started.Row, 0, refresh).Write(), ct)
                : null,
        });
    }

    private static GrantResult.Rejected Reject(string reason) => new(OAuthError.InvalidGrant(reason));
}
