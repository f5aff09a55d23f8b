using System.Globalization;
using System.Text.Json.Serialization;
using AuthFunctions.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AuthFunctions.Http;

/// <summary>A refusal of an endpoint that is not OAuth's, as <c>application/problem+json</c> (RFC 9457).</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">Stable, for programs; a member of the body.</param>
/// <param name="Detail">Bland, for people.</param>
public sealed record Problem(int Status, string Code, string Detail) : IResult
{
    /// <summary>The field of the request that is wrong, or null.</summary>
    public string? Field { get; init; }

    /// <summary>How long to wait before asking again, or null. Sent in whole seconds, rounded up.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>For logs and tests; never sent.</summary>
    public string? Reason { get; init; }

    /// <summary>What a page says of it, where the code alone says too little; never sent.</summary>
    public ProblemText? Text { get; init; }

    /// <summary>400 <c>invalid_request</c>: the request cannot be understood.</summary>
    public static Problem InvalidRequest(string detail, string? field = null) => new(400, "invalid_request", detail) { Field = field };

    /// <summary>403 <c>cross_site</c>: it may come from a page that is not the site's.</summary>
    public static Problem CrossSite(string reason) =>
        new(403, "cross_site", "This request must come from one of the site's own pages.") { Reason = reason };

    /// <summary>401 <c>session_ended</c>: there is no living session behind the request.</summary>
    public static Problem SessionEnded(string reason) => new(401, "session_ended", "Sign in again.") { Reason = reason };

    /// <summary>503 <c>unavailable</c>: try again shortly; nothing has changed.</summary>
    public static Problem Unavailable(string reason) =>
        new(503, "unavailable", "The service cannot answer right now. Try again shortly.")
        {
            RetryAfter = OutageException.RetryAfter,
            Reason = reason,
        };

    /// <summary>The log line, the status and the headers, where a page tells the rest.</summary>
    public void Announce(HttpContext http)
    {
        Refusals.Log(http.RequestServices.GetRequiredService<ILogger<Problem>>(), Status, Code, Reason ?? Detail);
        http.Response.StatusCode = Status;
        if (RetryAfter is { } wait)
        {
            http.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        Announce(httpContext);

        var body = new ProblemBody(
            "about:blank", Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(Status), Status, Detail, Code, Field);
        await httpContext.Response.WriteAsJsonAsync(body, HttpJson.Default.ProblemBody, "application/problem+json", httpContext.RequestAborted);
    }
}

/// <summary>What a page says of a refusal, in the person's language.</summary>
/// <param name="Key">Of the text, after <c>Problem_</c>.</param>
/// <param name="Arguments">What its places are filled with.</param>
public sealed record ProblemText(string Key, params object[] Arguments);

/// <summary>The members of RFC 9457 §3.1, with <c>code</c> and <c>field</c> as extensions.</summary>
public sealed record ProblemBody(string Type, string Title, int Status, string Detail, string Code, string? Field);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(OAuthErrorBody))]
internal sealed partial class HttpJson : JsonSerializerContext;
