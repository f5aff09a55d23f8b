using AuthFunctions.Http;
using AuthFunctions.Sessions;
using Microsoft.AspNetCore.Http;

namespace AuthFunctions.SignIn;

/// <summary>
/// The field <c>transport</c> of a sign-in: <c>cookie</c> (default) or <c>body</c>, each with its own protection against cross-site
/// requests.
/// </summary>
public static class TransportField
{
    /// <summary>The transport, or why the request is refused.</summary>
    public static (Transport Transport, Problem? Refusal) Read(JsonBody body, HttpRequest request)
    {
        var site = request.Site();
        switch (body.Optional("transport"))
        {
            case null or "cookie":
                return (Transport.Cookie, CrossSite.CheckCookieRequest(request, site));

            case "body" when SessionCookie.IsPresent(request, site):
                return (Transport.Body, Problem.InvalidRequest("A request with a session cookie is answered with cookies.", "transport"));

            case "body" when !site.NativeLogin:
                return (Transport.Body, new Problem(403, "native_login_off", "This site does not let native apps sign in.") { Field = "transport" });

            case "body":
                return (Transport.Body, CrossSite.CheckBodyRequest(request, site));

            default:
                return (Transport.Cookie, Problem.InvalidRequest("transport must be cookie or body.", "transport"));
        }
    }
}
