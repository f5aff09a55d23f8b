using System.Buffers;
using AuthFunctions.Protocol;
using AuthFunctions.Sites;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace AuthFunctions.Http;

/// <summary>
/// What holds for every request before and after its function: the site is found by the host, headers are set, CORS is answered,
/// and whatever goes wrong ends in one well-formed answer. Timer functions pass through.
/// </summary>
public sealed partial class RequestMiddleware(SiteDirectory sites, CorsPolicy cors, ILogger<RequestMiddleware> logger) : IFunctionsWorkerMiddleware
{
    /// <summary>The largest body that is read, in bytes.</summary>
    public const int MaxBodySize = 64 * 1024;

    private const string HostPrefix = "__Host-", SecurePrefix = "__Secure-";

    private static readonly SearchValues<string> Prefixes = SearchValues.Create([HostPrefix, SecurePrefix], StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not { } http)
        {
            await next(context);
            return;
        }

        if (Prepare(http) is { } refusal)
        {
            await refusal.ExecuteAsync(http);
            return;
        }

        Problem? problem;
        try
        {
            await next(context);

            // The host sends an empty 200 for a function that forgot to answer, which would look like success.
            // Nor can it be told from one whose caller went away, which is nobody's mistake.
            problem = WroteNothing(http.Response) && !http.RequestAborted.IsCancellationRequested ? Bug(logger, context, null) : null;
        }
        catch (Exception exception) when (OutageException.Behind(exception) is not null)
        {
            var outage = OutageException.Behind(exception)!;

            // Without a cause there is nothing to trace: too many wait, and of those there are thousands.
            LogOutage(logger, outage.InnerException is null ? null : outage, outage.Part);
            problem = Problem.Unavailable(outage.Part);
        }
        catch (BadHttpRequestException bad)
        {
            problem = new Problem(bad.StatusCode, bad.StatusCode == 413 ? "too_large" : "invalid_request", "The request cannot be read.");
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be answered.
            return;
        }
        catch (Exception exception)
        {
            problem = Bug(logger, context, exception);
        }

        if (problem is not null && http.Response.HasStarted)
        {
            // Part of an answer is out. Ended here it would look whole.
            http.Abort();
        }
        else if (problem is not null)
        {
            // A half-made answer, its cookies above all, must not leave with the error.
            http.Response.Clear();
            SetHeaders(http.Response);
            cors.Apply(http, http.Features.Get<Site>());
            await problem.ExecuteAsync(http);
        }
    }

    private Problem? Prepare(HttpContext http)
    {
        SetHeaders(http.Response);
        var site = SiteOf(http.Request);
        http.Features.Set(site);
        cors.Apply(http, site);

        // RFC 9110 §15.5.20. Health probes come by whatever name the platform gives the instance.
        if (site is null && !http.Request.Path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase))
        {
            return new Problem(421, "unknown_host", "No site answers on this host.");
        }

        if (http.Request.ContentLength > MaxBodySize)
        {
            return new Problem(413, "too_large", $"A body may have {MaxBodySize} bytes.");
        }

        return RepeatsCookie(http.Request)
            ? new Problem(400, "repeated_cookie", "The request carries two cookies of one name, or one inside another.")
            : null;
    }

    private Site? SiteOf(HttpRequest request)
    {
        try
        {
            return sites.FindByHost(request.Host.Value ?? "");
        }
        catch (ArgumentException)
        {
            // ASP.NET Core decodes punycode, and throws on what is none (xn--10). It is no host of ours.
            return null;
        }
    }

    /// <summary>
    /// Two cookies of one prefixed name mean that a subdomain planted one beside ours (RFC 6265 §8.6); which one is ours cannot be told.
    /// So does a prefixed name inside another cookie's value: browsers keep commas, spaces and quotes in values, and ASP.NET Core's parser
    /// takes what follows them for a cookie of its own, which would undo what the prefixes promise.
    /// </summary>
    private static bool RepeatsCookie(HttpRequest request)
    {
        HashSet<string>? names = null;
        foreach (var header in request.Headers.Cookie)
        {
            foreach (var pair in (header ?? "").Split(';', StringSplitOptions.TrimEntries))
            {
                var inside = pair.Length > 0 && pair.AsSpan(1).ContainsAny(Prefixes);
                if (inside || (IsPrefixed(pair) && !(names ??= new(StringComparer.OrdinalIgnoreCase)).Add(pair.Split('=')[0].TrimEnd())))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool IsPrefixed(string name) =>
        name.StartsWith(HostPrefix, StringComparison.OrdinalIgnoreCase) || name.StartsWith(SecurePrefix, StringComparison.OrdinalIgnoreCase);

    private static void SetHeaders(HttpResponse response)
    {
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-store";

        // URLs here carry tokens, also those of requests that are refused before a function sees them.
        response.Headers["Referrer-Policy"] = "no-referrer";
    }

    private static bool WroteNothing(HttpResponse response) =>
        !response.HasStarted && response.StatusCode == StatusCodes.Status200OK && response.ContentLength is null;

    private static Problem Bug(ILogger logger, FunctionContext context, Exception? exception)
    {
        LogBug(logger, exception, context.FunctionDefinition.Name);
        return new Problem(500, "internal_error", "The service made a mistake. It has been noted.");
    }

    [LoggerMessage(2, LogLevel.Warning, "{Part} cannot serve right now")]
    private static partial void LogOutage(ILogger logger, Exception? exception, string part);

    [LoggerMessage(3, LogLevel.Error, "{Function} failed or wrote no answer")]
    private static partial void LogBug(ILogger logger, Exception? exception, string function);
}
