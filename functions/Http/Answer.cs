using Microsoft.AspNetCore.Http;

namespace AuthFunctions.Http;

/// <summary>Answers that ASP.NET Core's results lack.</summary>
public static class Answer
{
    /// <summary>204.</summary>
    public static Task NoContent(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary>
    /// 303: whatever the method was, the browser goes on with GET (RFC 9700 §4.12: never 307, which would send a form's password along).
    /// </summary>
    public static Task SeeOther(HttpContext http, string url)
    {
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = url;
        return Task.CompletedTask;
    }
}
