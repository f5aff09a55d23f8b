using System.Net.Mail;
using Microsoft.Extensions.Options;

namespace AuthFunctions.Outbox;

/// <summary>Reports every fault of the <c>Mail</c> section at once; the host then refuses to start.</summary>
public sealed class MailValidator : IValidateOptions<MailOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, MailOptions options)
    {
        var faults = new List<string>();
        if (string.IsNullOrEmpty(options.Host))
        {
            if (options.User is not null || options.Password is not null || options.From is not null)
            {
                faults.Add("Mail:Host is not set, although other settings of Mail are.");
            }
        }
        else if (!MailAddress.TryCreate(options.From, out _))
        {
            faults.Add($"Mail:From must be an e-mail address, but is '{options.From}'.");
        }

        if (Uri.CheckHostName(options.Host ?? "localhost") == UriHostNameType.Unknown)
        {
            faults.Add($"Mail:Host must be a host name, but is '{options.Host}'.");
        }

        if (options.Port is < 1 or > 65535)
        {
            faults.Add($"Mail:Port must be 1 to 65535, but is {options.Port}.");
        }

        if (string.IsNullOrEmpty(options.User) != string.IsNullOrEmpty(options.Password))
        {
            faults.Add("Mail:User and Mail:Password are set together or not at all.");
        }

        // What the platform leaves in a setting whose secret it could not read.
        if (options.Password?.StartsWith("@Microsoft.KeyVault(", StringComparison.OrdinalIgnoreCase) == true)
        {
            faults.Add("Mail:Password is a Key Vault reference that the platform could not resolve; check the secret and the identity's role.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
