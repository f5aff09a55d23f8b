using System.Globalization;

namespace AuthFunctions.FakeVault;

/// <summary>What happens to a request before its endpoint sees it: https or http, token, count, fault, version, in that order.</summary>
internal sealed class Gate(VaultOptions options, TokenBook tokens, CallCounts calls, FaultBoard faults)
{
    private static readonly string[] Versions = ["7.4", "7.5", "7.6", "2025-07-01"];

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        // Keys are to be had over https alone, tokens and switches over http alone.
        var isVault = context.Request.Path.StartsWithSegments("/keys", StringComparison.Ordinal);
        if (context.Request.IsHttps != isVault)
        {
            await Results.NotFound().ExecuteAsync(context);
            return;
        }

        if (isVault && await RefusalAsync(context) is { } refusal)
        {
            await refusal.ExecuteAsync(context);
            return;
        }

        if (!context.RequestAborted.IsCancellationRequested)
        {
            await next(context);
        }
    }

    private async Task<IResult?> RefusalAsync(HttpContext context)
    {
        if (tokens.Fault(context.Request.Headers.Authorization) is { } fault)
        {
            calls.Add(CallCounts.Challenge);
            Challenge(context);
            return VaultError.Unauthorized(fault);
        }

        var operation = context.GetEndpoint()?.Metadata.GetMetadata<OperationName>()?.Name;
        if (operation is not null)
        {
            calls.Add(operation);
            if (faults.Meet(operation) is { } met && await MeetAsync(context, met) is { } refusal)
            {
                return refusal;
            }
        }

        var version = context.Request.Query["api-version"].ToString();
        return version.Length == 0 ? VaultError.BadParameter("api-version must be specified")
            : Versions.Contains(version, StringComparer.Ordinal) ? null
            : VaultError.BadParameter($"The specified version ({version}) is not recognized. Consider using the latest supported version.");
    }

    private async Task<IResult?> MeetAsync(HttpContext context, Fault fault)
    {
        try
        {
            await Task.Delay(fault.DelayMs, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            return Results.Empty;
        }

        if (fault.Drop)
        {
            context.Abort();
            return Results.Empty;
        }

        if (fault.Status is not { } status)
        {
            return null;
        }

        if (fault.RetryAfter is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (status == StatusCodes.Status401Unauthorized)
        {
            Challenge(context);
        }

        return VaultError.Of(status);
    }

    private void Challenge(HttpContext context) =>
        context.Response.Headers.WWWAuthenticate =
            "Bearer authorization=\"https://login.microsoftonline.com/00000000-0000-0000-0000-000000000001\", "
            + $"resource=\"{options.Resource.AbsoluteUri.TrimEnd('/')}\"";

    /// <summary>As what an endpoint is counted, and by what name its faults are switched on.</summary>
    internal sealed record OperationName(string Name);
}
