using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AuthFunctions.Storage;

/// <summary>Reports every fault of the <c>Storage</c> section at once; the host then refuses to start.</summary>
public sealed class StorageValidator(IHostEnvironment environment) : IValidateOptions<StorageOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, StorageOptions options)
    {
        var faults = new List<string>();
        if (string.IsNullOrEmpty(options.ConnectionString) == (options.TableUri is null))
        {
            faults.Add("Storage: set either ConnectionString (local) or TableUri (in Azure).");
        }

        if ((options.TableUri is null) != (options.QueueUri is null))
        {
            faults.Add("Storage: TableUri and QueueUri are set together; they are endpoints of one account.");
        }

        if (!string.IsNullOrEmpty(options.ConnectionString) && !environment.IsDevelopment())
        {
            faults.Add("Storage:ConnectionString holds an account key and is for Development only; set Storage:TableUri.");
        }

        Check("TableUri", options.TableUri);
        Check("QueueUri", options.QueueUri);
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void Check(string setting, Uri? endpoint)
        {
            if (endpoint is { IsAbsoluteUri: false })
            {
                faults.Add($"Storage:{setting} must be an absolute https URL.");
            }
            else if (endpoint is { Scheme: not "https" })
            {
                // Without the query: it may hold a signature, which is a secret.
                faults.Add($"Storage:{setting} must be https, but is '{endpoint.GetLeftPart(UriPartial.Path)}'.");
            }
        }
    }
}
