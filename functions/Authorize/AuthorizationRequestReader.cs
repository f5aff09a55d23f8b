using System.Globalization;
using System.Text;
using AuthFunctions.Clients;
using AuthFunctions.Http;
using AuthFunctions.Protocol;
using AuthFunctions.Sites;
using AuthFunctions.Tokens;

namespace AuthFunctions.Authorize;

/// <summary>What an authorization request turned out to be.</summary>
public abstract record AuthorizationRequestReading
{
    private AuthorizationRequestReading()
    {
    }

    /// <summary>It can be answered.</summary>
    public sealed record Valid(AuthorizationRequest Request, OAuthClient Client) : AuthorizationRequestReading;

    /// <summary>The client hears of the fault: its redirect URI is known to be its own.</summary>
    public sealed record Faulty(string RedirectUri, string ResponseMode, string? State, OAuthError Error) : AuthorizationRequestReading;

    /// <summary>Nobody can be told but the person at the browser (RFC 6749 §4.1.2.1): the client or its redirect URI is not known.</summary>
    public sealed record Untrusted(Problem Problem) : AuthorizationRequestReading;
}

/// <summary>Checks authorization requests (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.2), the redirect URI before all else.</summary>
public sealed class AuthorizationRequestReader(
    ClientDirectory clients, RequestObjectReader requestObjects, JwtVerifier verifier, Pseudonyms pseudonyms, TimeProvider clock)
{
    /// <summary>
    /// Longest values that are carried along, in bytes: sealed, all of them must fit into a URL (8 KiB with what is around it) and into a row.
    /// </summary>
    private static readonly (string Name, int Longest)[] Limits =
    [
        ("state", 2048), ("nonce", 512), ("login_hint", 320), ("ui_locales", 128), ("acr_values", 128), ("claims", 2048),
    ];

    private static readonly string[] KnownPrompts = ["none", "login", "consent", "select_account"];

    /// <summary>What the parameters ask for.</summary>
    public async Task<AuthorizationRequestReading> ReadAsync(Fields fields, Site site, CancellationToken ct)
    {
        if (fields.Fault is not null)
        {
            return new AuthorizationRequestReading.Untrusted(Problem.InvalidRequest("A parameter is repeated."));
        }

        if (clients.Find(site, fields["client_id"]) is not { } client)
        {
            return new AuthorizationRequestReading.Untrusted(Problem.InvalidRequest("client_id names no client of this site.", "client_id"));
        }

        var isSigned = false;
        if (fields["request"] is { } text)
        {
            // RFC 9101 §6.3: from here on nothing counts but what is inside. Nor is anybody redirected for a fault of the object itself.
            var (opened, fault) = await requestObjects.ReadAsync(text, client, site, ct);
            if (opened is null)
            {
                return new AuthorizationRequestReading.Untrusted(
                    new(400, "invalid_request_object", "request is not a valid request object of the client's.")
                    {
                        Reason = "request object: " + fault,
                    });
            }

            (fields, isSigned) = (opened, true);
            if (fields.Fault is not null)
            {
                return new AuthorizationRequestReading.Untrusted(Problem.InvalidRequest("A parameter is repeated."));
            }
        }

        // RFC 9700 §2.1: exact comparison. RFC 6749 §3.1.2.3 lets a client with one URI leave it out; OpenID Connect and OAuth 2.1 do not.
        if (client.RedirectUri(fields["redirect_uri"]) is not { } redirectUri)
        {
            return new AuthorizationRequestReading.Untrusted(Problem.InvalidRequest("redirect_uri is not one of the client's.", "redirect_uri"));
        }

        var mode = fields["response_mode"] is "form_post" ? "form_post" : "query";
        return await CheckAsync(fields, isSigned, site, client, redirectUri, mode, ct) switch
        {
            ({ } request, _) => new AuthorizationRequestReading.Valid(request, client),
            (_, { } error) => new AuthorizationRequestReading.Faulty(redirectUri, mode, fields["state"], error),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private async Task<(AuthorizationRequest? Request, OAuthError? Error)> CheckAsync(
        Fields fields, bool isSigned, Site site, OAuthClient client, string redirectUri, string mode, CancellationToken ct)
    {
        if (Limits.FirstOrDefault(l => Encoding.UTF8.GetByteCount(fields[l.Name] ?? "") > l.Longest) is { Name: { } tooLong, Longest: var longest })
        {
            return Refuse(OAuthError.InvalidRequest($"{tooLong} may have {longest} bytes"));
        }

        // OpenID Connect Core §6 and §3.1.2.6: what is not supported is refused under its own name. Pushed requests never come here.
        if (fields["request_uri"] is not null)
        {
            return Refuse(new OAuthError("request_uri_not_supported", "request_uri must be one that was pushed (RFC 9126)", "request_uri"));
        }

        if (fields["registration"] is not null)
        {
            return Refuse(new OAuthError("registration_not_supported", "clients are registered beforehand", "registration"));
        }

        if (client.RequireSignedRequestObject && !isSigned)
        {
            return Refuse(OAuthError.InvalidRequest("this client must sign its requests (RFC 9101)"));
        }

        if (fields["response_mode"] is not (null or "query" or "form_post"))
        {
            return Refuse(OAuthError.InvalidRequest("response_mode must be query or form_post"));
        }

        if (fields["response_type"] is not { } responseType)
        {
            return Refuse(OAuthError.InvalidRequest("response_type is missing"));
        }

        // RFC 9700 §2.1.2: no implicit grant, alone or in a mixture.
        if (responseType != "code")
        {
            return Refuse(new OAuthError("unsupported_response_type", "response_type must be code", "response_type"));
        }

        if (!client.GrantTypes.Contains(GrantTypes.AuthorizationCode, StringComparer.Ordinal))
        {
            return Refuse(OAuthError.UnauthorizedClient("authorization_code is not registered for the client"));
        }

        if (!Scope.TryParse(fields["scope"], out var scope) || !scope.IsWithin(client.Scopes))
        {
            return Refuse(OAuthError.InvalidScope("malformed, or not this client's"));
        }

        // RFC 9700 §2.1.1: for every client. A missing method would mean plain (RFC 7636 §4.3).
        if (fields["code_challenge"] is not { } challenge || fields["code_challenge_method"] != Pkce.S256 || !Pkce.IsChallenge(challenge))
        {
            return Refuse(OAuthError.InvalidRequest("code_challenge with code_challenge_method S256 is required (RFC 7636)"));
        }

        var prompt = fields["prompt"]?.Split(' ') ?? [];
        if (prompt.Except(KnownPrompts, StringComparer.Ordinal).Any() || (prompt.Contains("none") && prompt.Length > 1))
        {
            return Refuse(OAuthError.InvalidRequest("prompt is unknown, or none together with others"));
        }

        int? maxAge = null;
        if (fields["max_age"] is { } age)
        {
            if (!int.TryParse(age, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            {
                return Refuse(OAuthError.InvalidRequest("max_age must be a number of seconds"));
            }

            maxAge = seconds;
        }

        var (resource, targetFault) = ResourceParameter.Read(fields, client);
        if (targetFault is not null)
        {
            return Refuse(targetFault);
        }

        if (fields["dpop_jkt"] is { } dpopKey && !Jwk.IsThumbprint(dpopKey))
        {
            return Refuse(OAuthError.InvalidRequest("dpop_jkt must be a JWK thumbprint (RFC 9449 §10)"));
        }

        var claims = new ClaimsRequest();
        if (fields["claims"] is { } json)
        {
            if (ClaimsRequest.Parse(json) is not { } parsed)
            {
                return Refuse(OAuthError.InvalidRequest("claims is malformed (OpenID Connect Core §5.5)"));
            }

            claims = parsed;
        }

        // OpenID Connect Core calls acr_values voluntary, but RFC 9470 §5 has it refused rather than answered with less.
        if ((fields["acr_values"] is { } acr && !Acr.CanReachAny(acr.Split(' ')))
            || (claims.EssentialAcr is { } essential && !Acr.CanReachAny(essential)))
        {
            return Refuse(OAuthError.UnmetAuthenticationRequirements());
        }

        var subjects = claims.Subjects;
        if (fields["id_token_hint"] is { } hint)
        {
            // OpenID Connect Core §3.1.2.1: it may have expired; whose it was still counts.
            var (idToken, fault) = await verifier.VerifyAsync(hint, JwtTypes.IdToken, site, ct);
            if (idToken is null)
            {
                return Refuse(
                    OAuthError.InvalidRequest("id_token_hint is not an ID token of this issuer") with { Reason = "id_token_hint: " + fault });
            }

            // Whichever client it was made for: what counts is what this one knows the user by.
            var subject = await pseudonyms.UserOfAsync(site, idToken, ct) is { } userId
                ? await pseudonyms.SubjectAsync(site, client.ClientId, userId, ct)
                : idToken.Subject;
            subjects = subjects is null || subjects.Contains(subject, StringComparer.Ordinal) ? [subject] : [];
        }

        return (new AuthorizationRequest
        {
            Site = site.Name,
            ClientId = client.ClientId,
            RedirectUri = redirectUri,
            ResponseMode = mode,
            Scope = scope.ToString(),
            State = fields["state"],
            Nonce = fields["nonce"],
            CodeChallenge = challenge,
            Prompt = prompt,
            MaxAge = maxAge,
            LoginHint = fields["login_hint"],
            Subjects = subjects,
            Claims = new(GrantedClaims.Allowed(claims.IdToken, client.Scopes), GrantedClaims.Allowed(claims.UserInfo, client.Scopes)),
            UiLocales = fields["ui_locales"],
            Resource = resource,
            DpopKey = fields["dpop_jkt"],
            RequestedAt = clock.GetUtcNow(),
        }, null);
    }

    private static (AuthorizationRequest?, OAuthError?) Refuse(OAuthError error) => (null, error);
}
