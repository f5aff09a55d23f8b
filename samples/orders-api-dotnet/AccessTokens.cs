using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;

namespace OrdersApi;

/// <summary>Access tokens (RFC 9068) for one API from one or more authorization servers, checked by the stock JwtBearer handler.</summary>
internal static class AccessTokens
{
    private const string ByIssuer = "by issuer";

    public static IServiceCollection AddAccessTokens(this IServiceCollection services, ProtectedResourceMetadata api)
    {
        var authentication = services.AddAuthentication(ByIssuer)
            .AddPolicyScheme(ByIssuer, null, options => options.ForwardDefaultSelector = http => ClaimedIssuer(http.Request, api));
        foreach (var issuer in api.AuthorizationServers)
        {
            authentication.AddJwtBearer(issuer, options => Configure(options, issuer, api));
        }

        return services;
    }

    /// <summary>Lets in whoever's access token has the scope; anybody else is told which one is missing.</summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder endpoint, string scope)
        where TBuilder : IEndpointConventionBuilder => endpoint
        .WithMetadata(new RequiredScope(scope))
        .RequireAuthorization(policy => policy.RequireAuthenticatedUser().RequireAssertion(
            context => context.User.FindFirst("scope") is { } granted && granted.Value.Split(' ').Contains(scope, StringComparer.Ordinal)));

    private static void Configure(JwtBearerOptions options, string issuer, ProtectedResourceMetadata api)
    {
        // Issuer and keys come from its discovery document. Asked for hourly, so that a key that was pulled is soon forgotten; one that is
        // rotated is announced a day before it signs, and known here by then.
        options.Authority = issuer;
        options.AutomaticRefreshInterval = TimeSpan.FromHours(1);

        // Claims keep the names that the specifications give them.
        options.MapInboundClaims = false;

        options.TokenValidationParameters = new()
        {
            // An ID token is signed by the same key, for the client to read; it opens nothing.
            ValidTypes = ["at+jwt"],

            // The algorithm is this API's choice, not the token's.
            ValidAlgorithms = ["ES256"],

            // A token for another API opens nothing here.
            ValidAudience = api.Resource,
            ValidIssuer = issuer,

            // Five minutes by default: it would double the life of a token.
            ClockSkew = TimeSpan.FromSeconds(30),
            NameClaimType = "sub",
        };

        // RFC 9728 §5.1: a client that knows nothing of this API finds from here where to get a token.
        options.Challenge = $"Bearer resource_metadata=\"{api.MetadataUrl}\"";
        options.Events = new()
        {
            OnTokenValidated = context =>
            {
                // RFC 9449 §7.2: bound to a key, and this API checks no proof of having it; let in, a stolen one would do.
                if (context.Principal!.HasClaim(claim => claim.Type == "cnf"))
                {
                    context.Fail("The token is bound to a key.");
                }

                return Task.CompletedTask;
            },
            OnForbidden = context =>
            {
                var scope = context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<RequiredScope>()?.Scope;
                context.Response.Headers.WWWAuthenticate = $"{options.Challenge}, error=\"insufficient_scope\", scope=\"{scope}\"";
                return Task.CompletedTask;
            },
        };

        // For the demo alone: leave this line and its file out of your API.
        Localhost.Allow(options);
    }

    /// <summary>The issuer that the token names, if it is one of ours: it only picks the handler, which believes nothing of the token.</summary>
    private static string ClaimedIssuer(HttpRequest request, ProtectedResourceMetadata api)
    {
        var token = request.Headers.Authorization.ToString() is var header && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            ? header["Bearer ".Length..].Trim()
            : "";
        try
        {
            var claimed = new JsonWebToken(token).Issuer;
            return api.AuthorizationServers.FirstOrDefault(issuer => issuer == claimed) ?? api.AuthorizationServers[0];
        }
        catch (ArgumentException)
        {
            // No JWT: any of the handlers refuses it.
            return api.AuthorizationServers[0];
        }
    }

    private sealed record RequiredScope(string Scope);
}
