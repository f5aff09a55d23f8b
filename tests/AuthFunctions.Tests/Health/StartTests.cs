using AuthFunctions.Storage;
using AuthFunctions.Tests.Fixtures;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AuthFunctions.Tests.Health;

/// <summary>With which settings the service refuses to start: all faults at once, secrets named and never quoted.</summary>
public class StartTests
{
    /// <summary>A deployment as it should be; none of it is reached by starting alone.</summary>
    private static readonly Dictionary<string, string?> Sound = new()
    {
        ["Storage:TableUri"] = "https://account.table.core.windows.net",
        ["Storage:QueueUri"] = "https://account.queue.core.windows.net",
        ["Keys:VaultUri"] = "https://contoso.vault.azure.net",
        ["Accounts:ConfirmEmail"] = "false",
        ["Sites:contoso:Issuer"] = "https://auth.contoso.com",
        ["Sites:contoso:AppOrigins:0"] = "https://app.contoso.com",
        ["Sites:contoso:CookieDomain"] = "contoso.com",
        ["Sites:contoso:HandsOffTo:0"] = "fabrikam",
        ["Sites:fabrikam:Issuer"] = "https://auth.fabrikam.com",
        ["Sites:fabrikam:ReturnUrls:0"] = "https://app.fabrikam.com/home/",
        ["Sites:fabrikam:AcceptsFrom:0"] = "contoso",
    };

    [Fact]
    public async Task The_sample_s_settings_are_refused_in_production_each_for_its_reason()
    {
        var faults = await FaultsAsync("Production", TestService.Sample());

        Assert.Contains("Storage:ConnectionString holds an account key and is for Development only; set Storage:TableUri.", faults);
        Assert.Contains(faults, f => f.StartsWith("Keys:Source is Development", StringComparison.Ordinal));
        foreach (var where in new[] { "Sites:contoso:Issuer", "Sites:contoso:AppOrigins", "Sites:fabrikam:Issuer", "Sites:fabrikam:AppOrigins" })
        {
            Assert.Contains(faults, f => f.StartsWith($"{where} must not be localhost outside Development", StringComparison.Ordinal));
        }

        foreach (var client in new[] { "Clients:1 (demo-web)", "Clients:2 (demo-machine)", "Clients:3 (demo-operator)" })
        {
            Assert.Contains(faults, f => f.StartsWith($"{client}:SecretHashes has a demo secret", StringComparison.Ordinal));
        }

        Assert.Equal(faults.Count, faults.Distinct().Count());
        Assert.DoesNotContain(faults, f => f.Contains("YhjgF9pko5", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_sound_deployment_starts_and_so_does_one_that_wraps_its_keys()
    {
        Assert.Empty(await FaultsAsync("Production", Sound));
        Assert.Empty(await FaultsAsync("Production", With(("Keys:Source", "KeyVaultWrapped"))));
        Assert.Empty(await FaultsAsync("Development", Sound));
    }

    [Fact]
    public async Task Development_keys_are_refused_outside_Development_with_what_to_set_instead()
    {
        var fault = Assert.Single(await FaultsAsync("Production", With(("Keys:Source", "Development"))));

        Assert.StartsWith("Keys:Source is Development", fault, StringComparison.Ordinal);
        Assert.Contains("environment is Production", fault, StringComparison.Ordinal);
        Assert.Contains("set Keys:Source to KeyVault or KeyVaultWrapped and Keys:VaultUri", fault, StringComparison.Ordinal);
        Assert.Empty(await FaultsAsync("Development", With(("Keys:Source", "Development"), ("Keys:VaultUri", null))));
    }

    [Fact]
    public async Task Registrations_may_wait_for_a_mail_only_where_somebody_sees_the_link()
    {
        foreach (var value in new[] { "true", null })
        {
            var faults = await FaultsAsync("Production", With(("Accounts:ConfirmEmail", value)));
            Assert.Contains(faults, f => f.StartsWith("Accounts:ConfirmEmail is on", StringComparison.Ordinal));
            var withMail = await FaultsAsync("Production", With(
                ("Accounts:ConfirmEmail", value), ("Mail:Host", "smtp.contoso.com"), ("Mail:From", "no-reply@contoso.com")));
            Assert.DoesNotContain(withMail, f => f.Contains("ConfirmEmail", StringComparison.Ordinal) || f.StartsWith("Mail", StringComparison.Ordinal));
        }

        Assert.Empty(await FaultsAsync("Development", With(("Accounts:ConfirmEmail", "true"))));
    }

    [Theory]
    [InlineData("Storage:TableUri", "http://account.table.core.windows.net?sig=SECRET", "Storage:TableUri must be https, but is 'http://account.table.core.windows.net/'.")]
    [InlineData("Storage:TableUri", "account.table.core.windows.net", "Storage:TableUri must be an absolute https URL.")]
    [InlineData("Storage:QueueUri", "http://account.queue.core.windows.net?sig=SECRET", "Storage:QueueUri must be https, but is 'http://account.queue.core.windows.net/'.")]
    [InlineData("Storage:QueueUri", null, "Storage: TableUri and QueueUri are set together; they are endpoints of one account.")]
    [InlineData("Storage:ConnectionString", "AccountName=a;AccountKey=SECRET", "Storage: set either ConnectionString (local) or TableUri (in Azure).")]
    [InlineData("Sites:contoso:Issuer", "http://auth.contoso.com", "Sites:contoso:Issuer must be https outside Development, but is 'http://auth.contoso.com'.")]
    [InlineData("Sites:contoso:Issuer", "https://auth.contoso.com/", "Sites:contoso:Issuer must be an origin")]
    [InlineData("Sites:contoso:Issuer", "https://127.0.0.1", "Sites:contoso:Issuer must not be localhost outside Development")]
    [InlineData("Sites:contoso:Issuer", "https://auth.fabrikam.com", "Sites: contoso and fabrikam have the same Issuer")]
    [InlineData("Sites:contoso:AppOrigins:1", "https://app.contoso.com/path", "Sites:contoso:AppOrigins must be an origin")]
    [InlineData("Sites:contoso:AppOrigins:1", "null", "Sites:contoso:AppOrigins must be an origin")]
    [InlineData("Sites:contoso:CookieDomain", "com", "Sites:contoso:CookieDomain must be a parent domain of the auth host, but is 'com'.")]
    [InlineData("Sites:contoso:CookieDomain", "ontoso.com", "Sites:contoso:CookieDomain must be a parent domain of the auth host")]
    [InlineData("Sites:contoso:CookieDomain", "auth.contoso.com", "Sites:contoso:CookieDomain must be a parent domain of the auth host")]
    [InlineData("Sites:contoso:HandsOffTo:0", "contoso", "Sites:contoso: HandsOffTo and AcceptsFrom name other sites, but 'contoso' is none.")]
    [InlineData("Sites:contoso:AcceptsFrom:0", "nowhere", "Sites:contoso: HandsOffTo and AcceptsFrom name other sites, but 'nowhere' is none.")]
    [InlineData("Sites:contoso:Resource", "https://auth.contoso.com", "Sites:contoso:Resource must be an absolute URI other than the issuer")]
    [InlineData("Sites:contoso:Resource", "orders", "Sites:contoso:Resource must be an absolute URI other than the issuer")]
    [InlineData("Sites:contoso:IdleLifetime", "00:59:59", "Sites:contoso:IdleLifetime must be 1 hour to 365 days, but is 00:59:59.")]
    [InlineData("Sites:contoso:AbsoluteLifetime", "366.00:00:00", "Sites:contoso:AbsoluteLifetime must be 1 hour to 365 days")]
    [InlineData("Sites:fabrikam:ReturnUrls:0", "https://app.fabrikam.com/?x=1", "Sites:fabrikam:ReturnUrls must be absolute https URLs")]
    [InlineData("Sites:fabrikam:ReturnUrls:0", "/home", "Sites:fabrikam:ReturnUrls must be absolute https URLs")]
    [InlineData("Sites:Upper:Issuer", "https://auth.upper.com", "Sites:Upper: a name is 1 to 32 lower-case letters and digits")]
    [InlineData("Passwords:MinLength", "7", "Passwords:MinLength must be 8 to 64, but is 7.")]
    [InlineData("Passwords:MinLength", "65", "Passwords:MinLength must be 8 to 64, but is 65.")]
    [InlineData("Passwords:Iterations", "209999", "Passwords:Iterations must be 210000 to 10000000, but is 209999.")]
    [InlineData("Passwords:Iterations", "10000001", "Passwords:Iterations must be 210000 to 10000000, but is 10000001.")]
    [InlineData("Accounts:ConfirmationLifetime", "00:04:59", "Accounts:ConfirmationLifetime must be 5 minutes to 7 days.")]
    [InlineData("Accounts:ConfirmationLifetime", "7.00:00:01", "Accounts:ConfirmationLifetime must be 5 minutes to 7 days.")]
    [InlineData("Sessions:IdleLifetime", "00:59:59", "Sessions:IdleLifetime must be 1 hour to 365 days, but is 00:59:59.")]
    [InlineData("Sessions:AbsoluteLifetime", "366.00:00:00", "Sessions:AbsoluteLifetime must be 1 hour to 365 days")]
    [InlineData("Sessions:RefreshLeeway", "00:00:01", "Sessions:RefreshLeeway must be 0 or 2 to 60 seconds, but is 00:00:01.")]
    [InlineData("Sessions:RefreshLeeway", "00:01:01", "Sessions:RefreshLeeway must be 0 or 2 to 60 seconds, but is 00:01:01.")]
    [InlineData("Keys:JwksCacheLifetime", "00:04:59", "Keys:JwksCacheLifetime must be 00:05:00 to 1.00:00:00, but is 00:04:59.")]
    [InlineData("Keys:JwksCacheLifetime", "1.00:00:01", "Keys:JwksCacheLifetime must be 00:05:00 to 1.00:00:00")]
    [InlineData("Keys:AnnounceAhead", "00:04:59", "Keys:AnnounceAhead must be 00:05:00 to 30.00:00:00")]
    [InlineData("Keys:AnnounceAhead", "30.00:00:01", "Keys:AnnounceAhead must be 00:05:00 to 30.00:00:00")]
    [InlineData("Keys:AnnounceAhead", "00:59:59", "Keys:AnnounceAhead is 00:59:59, but verifiers are told to cache keys for 01:00:00")]
    [InlineData("Keys:RotationPeriod", "23:59:59", "Keys:RotationPeriod must be 1.00:00:00 to 365.00:00:00")]
    [InlineData("Keys:VaultUri", null, "Keys:VaultUri must be the https address of a vault for Keys:Source KeyVault, but is ''.")]
    [InlineData("Keys:VaultUri", "http://contoso.vault.azure.net", "Keys:VaultUri must be the https address of a vault")]
    [InlineData("Keys:SigningKeyName", "token_signing", "Keys:SigningKeyName must be 1 to 127 letters, digits and dashes, but is 'token_signing'.")]
    [InlineData("Keys:WrappingKeyName", "key.wrapping", "Keys:WrappingKeyName must be 1 to 127 letters, digits and dashes")]
    [InlineData("Tokens:AccessTokenLifetime", "00:00:59", "Tokens:AccessTokenLifetime must be 1 to 60 minutes.")]
    [InlineData("Tokens:AccessTokenLifetime", "01:00:01", "Tokens:AccessTokenLifetime must be 1 to 60 minutes.")]
    [InlineData("Events:Retention", "23:59:59", "Events:Retention must be 1 to 3650 days.")]
    [InlineData("Mail:Host", "smtp.contoso.com", "Mail:From must be an e-mail address, but is ''.")]
    [InlineData("Mail:Host", "not a host", "Mail:Host must be a host name, but is 'not a host'.")]
    [InlineData("Mail:From", "no-reply@contoso.com", "Mail:Host is not set, although other settings of Mail are.")]
    [InlineData("Mail:Port", "0", "Mail:Port must be 1 to 65535, but is 0.")]
    [InlineData("Mail:Password", "SECRET", "Mail:User and Mail:Password are set together or not at all.")]
    [InlineData("Mail:Password", "@Microsoft.KeyVault(SecretUri=https://v/secrets/SECRET)", "Mail:Password is a Key Vault reference that the platform could not resolve")]
    [InlineData("Resources:orders:Audience", "orders", "Resources: every Audience must be an absolute URI without fragment")]
    public async Task A_setting_out_of_its_range_is_refused(string name, string? value, string fault)
    {
        var faults = await FaultsAsync("Production", With((name, value)));

        Assert.Contains(faults, f => f.StartsWith(fault, StringComparison.Ordinal));
        Assert.DoesNotContain(faults, f => f.Contains("SECRET", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_at_all_is_told_of_as_such()
    {
        var faults = await FaultsAsync("Production", []);

        Assert.Contains("Sites: at least one site is needed.", faults);
        Assert.Contains("Storage: set either ConnectionString (local) or TableUri (in Azure).", faults);
    }

    [Fact]
    public async Task In_Development_a_cheap_hash_is_allowed_but_not_none()
    {
        Assert.Empty(await FaultsAsync("Development", With(("Passwords:Iterations", "1"))));
        Assert.Equal(["Passwords:Iterations must be 1 to 10000000, but is 0."], await FaultsAsync("Development", With(("Passwords:Iterations", "0"))));
    }

    private static Dictionary<string, string?> With(params (string Name, string? Value)[] settings)
    {
        var all = new Dictionary<string, string?>(Sound);
        foreach (var (name, value) in settings)
        {
            all[name] = value;
            if (value is null)
            {
                all.Remove(name);
            }
        }

        return all;
    }

    private static async Task<List<string>> FaultsAsync(string environment, Dictionary<string, string?> settings)
    {
        using var host = Program.Build(["--port", "0", "--environment", environment], builder =>
        {
            builder.Configuration.Sources.Clear();
            builder.Configuration.AddInMemoryCollection(settings);
            builder.Logging.ClearProviders();
            builder.Services.Replace(ServiceDescriptor.Singleton<TableFactory>(_ => new MemoryTable()));
        });
        try
        {
            await host.StartAsync();
            await host.StopAsync();
            return [];
        }
        catch (OptionsValidationException one)
        {
            return [.. one.Failures];
        }
        catch (AggregateException many)
        {
            return [.. many.InnerExceptions.Cast<OptionsValidationException>().SelectMany(e => e.Failures)];
        }
    }
}
