using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Offline.Functions;

/// <summary>What a request meets: the Functions host's part, then routing, then the function.</summary>
internal static class HttpPipeline
{
    // The Functions host replaces or drops what a client sends of these, and the worker consumes what the host sends.
    private static readonly string[] Forwarded =
        ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix"];

    public static void Configure(IApplicationBuilder app)
    {
        var admin = app.ApplicationServices.GetRequiredService<AdminEndpoint>();
        app.Use((http, next) =>
        {
            foreach (var header in Forwarded)
            {
                http.Request.Headers.Remove(header);
            }

            return next(http);
        });
        app.Use(async (http, next) =>
        {
            if (http.Request.Path.StartsWithSegments($"/{ReservedPaths.Admin}"))
            {
                http.Response.StatusCode = await admin.AnswerAsync(http.Request);
            }
            else if (http.Request.Path.StartsWithSegments($"/{ReservedPaths.Runtime}"))
            {
                http.Response.StatusCode = StatusCodes.Status404NotFound;
            }
            else
            {
                await next(http);
            }
        });

        app.UseRouting();
        app.Use(async (http, next) =>
        {
            // Routing answers 405 by an endpoint of its own; the Functions host knows only 404.
            if (http.GetEndpoint()?.Metadata.GetMetadata<LoadedFunction>() is null)
            {
                http.Response.StatusCode = StatusCodes.Status404NotFound;
            }
            else
            {
                await next(http);
            }
        });
        app.UseEndpoints(MapFunctions);
    }

    private static void MapFunctions(IEndpointRouteBuilder endpoints)
    {
        var invoker = endpoints.ServiceProvider.GetRequiredService<HttpInvoker>();
        foreach (var function in endpoints.ServiceProvider.GetRequiredService<FunctionSet>().Functions)
        {
            if (function.Trigger is Trigger.Http http)
            {
                RequestDelegate run = context => invoker.InvokeAsync(function, context);
                var endpoint = http.Methods.Count == 0
                    ? endpoints.Map(http.Pattern, run)
                    : endpoints.MapMethods(http.Pattern, http.Methods, run);
                endpoint.WithMetadata(function).WithDisplayName(function.Name);
            }
        }
    }
}
