using AuthFunctions.Clients;
using AuthFunctions.Http;
using AuthFunctions.Pages;
using AuthFunctions.Protocol;
using AuthFunctions.Sites;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace AuthFunctions.Authorize;

/// <summary>
/// Sends authorization responses (RFC 6749 §4.1.2), always with <c>iss</c> (RFC 9207), by redirect or by a form that posts itself on a click.
/// </summary>
public sealed partial class AuthorizationResponse(ILogger<AuthorizationResponse> logger)
{
    /// <summary>A code.</summary>
    public static Task SendAsync(HttpContext http, Site site, AuthorizationRequest request, string code) =>
        SendAsync(http, site, request.RedirectUri, request.ResponseMode, request.State, [new("code", code)]);

    /// <summary>An error of a request that was read.</summary>
    public Task SendAsync(HttpContext http, Site site, AuthorizationRequest request, OAuthError error) =>
        SendAsync(http, site, request.RedirectUri, request.ResponseMode, request.State, error);

    /// <summary>An error (RFC 6749 §4.1.2.1, OpenID Connect Core §3.1.2.6).</summary>
    public Task SendAsync(HttpContext http, Site site, string redirectUri, string responseMode, string? state, OAuthError error)
    {
        LogRefused(logger, error.Code, error.Reason);
        return SendAsync(http, site, redirectUri, responseMode, state, [new("error", error.Code), new("error_description", error.Description)]);
    }

    private static Task SendAsync(
        HttpContext http, Site site, string redirectUri, string responseMode, string? state, List<KeyValuePair<string, string?>> parameters)
    {
        if (state is not null)
        {
            parameters.Add(new("state", state));
        }

        parameters.Add(new("iss", site.Issuer));
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        return responseMode == "form_post"
            ? Page.ShowAsync<FormPostPage>(
                http,
                null,
                new() { [nameof(FormPostPage.Action)] = redirectUri, [nameof(FormPostPage.Fields)] = parameters },
                [FormTarget.Of(redirectUri)])
            : Answer.SeeOther(http, QueryHelpers.AddQueryString(redirectUri, parameters));
    }

    [LoggerMessage(1, LogLevel.Information, "Refused with {Code}: {Reason}")]
    private static partial void LogRefused(ILogger logger, string code, string reason);
}
