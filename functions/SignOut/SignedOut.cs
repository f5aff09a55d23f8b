using AuthFunctions.Http;
using AuthFunctions.Sessions;
using Microsoft.AspNetCore.Http;

namespace AuthFunctions.SignOut;

/// <summary>204, and a browser's session cookies gone.</summary>
internal static class SignedOut
{
    public static Task WriteAsync(HttpContext http, Transport transport)
    {
        if (transport == Transport.Cookie)
        {
            SessionCookie.Clear(http, http.Request.Site());
        }

        return Answer.NoContent(http);
    }
}
