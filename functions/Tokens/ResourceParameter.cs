using AuthFunctions.Clients;
using AuthFunctions.Http;
using AuthFunctions.Protocol;

namespace AuthFunctions.Tokens;

/// <summary>The parameter <c>resource</c> (RFC 8707 §2).</summary>
public static class ResourceParameter
{
    /// <summary>The audience that is asked for, null if none is, or a fault. A token has exactly one audience, so one may be asked for.</summary>
    public static (string? Audience, OAuthError? Fault) Read(Fields form, OAuthClient client) => form.All("resource") switch
    {
        [] => (null, null),
        [var only] when client.Resources.Contains(only, StringComparer.Ordinal) => (only, null),
        [_] => (null, OAuthError.InvalidTarget("unknown resource, or not this client's")),
        _ => (null, OAuthError.InvalidTarget("more than one resource")),
    };
}
