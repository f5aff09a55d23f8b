using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AuthFunctions.SigningKeys;

/// <summary>Reports every fault of the <c>Keys</c> section at once; the host then refuses to start.</summary>
public sealed class KeysValidator(IHostEnvironment environment) : IValidateOptions<KeysOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, KeysOptions options)
    {
        var faults = new List<string>();
        if (options.Source == KeySourceKind.Development && !environment.IsDevelopment())
        {
            faults.Add(
                $"Keys:Source is Development, whose keys lie in a table in the clear, but the environment is {environment.EnvironmentName}. "
                + "In Azure set Keys:Source to KeyVault or KeyVaultWrapped and Keys:VaultUri; "
                + "on a laptop set AZURE_FUNCTIONS_ENVIRONMENT to Development.");
        }

        if (options.Source != KeySourceKind.Development && options.VaultUri is not { IsAbsoluteUri: true, Scheme: "https" })
        {
            faults.Add($"Keys:VaultUri must be the https address of a vault for Keys:Source {options.Source}, but is '{options.VaultUri}'.");
        }

        var names = new[]
        {
            (options.SigningKeyName, nameof(options.SigningKeyName)), (options.WrappingKeyName, nameof(options.WrappingKeyName)),
        };
        foreach (var (key, which) in names)
        {
            if (key.Length is 0 or > 127 || !key.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
            {
                faults.Add($"Keys:{which} must be 1 to 127 letters, digits and dashes, but is '{key}'.");
            }
        }

        Check(options.JwksCacheLifetime, nameof(options.JwksCacheLifetime), TimeSpan.FromMinutes(5), TimeSpan.FromHours(24));
        Check(options.AnnounceAhead, nameof(options.AnnounceAhead), TimeSpan.FromMinutes(5), TimeSpan.FromDays(30));
        Check(options.RotationPeriod, nameof(options.RotationPeriod), TimeSpan.FromDays(1), TimeSpan.FromDays(365));
        if (options.AnnounceAhead < options.JwksCacheLifetime)
        {
            faults.Add(
                $"Keys:AnnounceAhead is {options.AnnounceAhead}, but verifiers are told to cache keys for "
                + $"{options.JwksCacheLifetime}: they would meet keys they do not know.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void Check(TimeSpan value, string which, TimeSpan least, TimeSpan most)
        {
            if (value < least || value > most)
            {
                faults.Add($"Keys:{which} must be {least} to {most}, but is {value}.");
            }
        }
    }
}
