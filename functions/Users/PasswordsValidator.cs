using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AuthFunctions.Users;

/// <summary>Reports every fault of the <c>Passwords</c> section at once; the host then refuses to start.</summary>
public sealed class PasswordsValidator(IHostEnvironment environment) : IValidateOptions<PasswordsOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, PasswordsOptions options)
    {
        var faults = new List<string>();
        if (options.MinLength is < 8 or > 64)
        {
            faults.Add($"Passwords:MinLength must be 8 to 64, but is {options.MinLength}.");
        }

        var least = environment.IsDevelopment() ? 1 : 210_000;
        if (options.Iterations < least || options.Iterations > 10_000_000)
        {
            faults.Add($"Passwords:Iterations must be {least} to 10000000, but is {options.Iterations}.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
