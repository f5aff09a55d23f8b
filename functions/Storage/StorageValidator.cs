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

        if (!string.IsNullOrEmpty(options.ConnectionString) && !environment.IsDevelopment())
        {
            faults.Add("Storage:ConnectionString holds an account key and is for Development only; set Storage:TableUri.");
        }

        if (options.TableUri is { IsAbsoluteUri: false })
        {
            faults.Add("Storage:TableUri must be an absolute https URL.");
        }
        else if (options.TableUri is { Scheme: not "https" } uri)
        {
            // Without the query: it may hold a signature, which is a secret.
            faults.Add($"Storage:TableUri must be https, but is '{uri.GetLeftPart(UriPartial.Path)}'.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
