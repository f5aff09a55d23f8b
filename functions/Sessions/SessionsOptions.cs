using Microsoft.Extensions.Options;

namespace AuthFunctions.Sessions;

/// <summary>Settings <c>Sessions</c>.</summary>
public sealed class SessionsOptions
{
    /// <summary>The settings section.</summary>
    public const string Section = "Sessions";

    /// <summary>How long an unused session lives, 1 hour to 365 days; 14 days by default.</summary>
    public TimeSpan IdleLifetime { get; set; } = TimeSpan.FromDays(14);

    /// <summary>How long a session lives at most, 1 hour to 365 days; 90 days by default. Never extended.</summary>
    public TimeSpan AbsoluteLifetime { get; set; } = TimeSpan.FromDays(90);

    /// <summary>
    /// How long after a rotation the refresh token before it still yields its successor, 2 to 60 seconds; 10 by default; 0 turns it off.
    /// Longer than the <c>Retry-After</c> of an outage, so that a retry finds it.
    /// </summary>
    public TimeSpan RefreshLeeway { get; set; } = TimeSpan.FromSeconds(10);
}

/// <summary>Reports every fault of the <c>Sessions</c> section at once; the host then refuses to start.</summary>
public sealed class SessionsValidator : IValidateOptions<SessionsOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, SessionsOptions options)
    {
        var faults = new List<string>();
        foreach (var (life, which) in new[]
            { (options.IdleLifetime, nameof(options.IdleLifetime)), (options.AbsoluteLifetime, nameof(options.AbsoluteLifetime)) })
        {
            if (life < TimeSpan.FromHours(1) || life > TimeSpan.FromDays(365))
            {
                faults.Add($"Sessions:{which} must be 1 hour to 365 days, but is {life}.");
            }
        }

        var leeway = options.RefreshLeeway;
        if (leeway != TimeSpan.Zero && (leeway < TimeSpan.FromSeconds(2) || leeway > TimeSpan.FromSeconds(60)))
        {
            faults.Add($"Sessions:RefreshLeeway must be 0 or 2 to 60 seconds, but is {leeway}.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
