namespace AuthFunctions.Tests.Infra;

/// <summary>infra/ as its parsed tree and what it would deploy show it. <see cref="PlantedFaultTests"/> shows that each rule can fail.</summary>
public sealed class InfraTests
{
    [Fact]
    public void Every_file_parses_and_the_whole_can_be_worked_out_with_and_without_an_operators_parameters()
    {
        Assert.Empty(InfraRules.Parse(InfraCopy.Example));
        Assert.Empty(InfraRules.Parse(InfraCopy.Untouched));
        Assert.True(InfraCopy.Example.Resources.Count > 25);
    }

    [Fact]
    public void Every_parameter_is_used_and_described() => Assert.Empty(InfraRules.Parameters(InfraCopy.Example));

    [Fact]
    public void Storage_takes_no_keys_shows_no_blobs_and_has_the_tables_of_the_product() => Assert.Empty(InfraRules.Storage(InfraCopy.Example));

    [Fact]
    public void The_vault_goes_by_roles_keeps_what_is_deleted_and_rotates_both_keys() => Assert.Empty(InfraRules.Vault(InfraCopy.Example));

    [Fact]
    public void Telemetry_is_taken_by_role_only_and_a_workbook_shows_it() => Assert.Empty(InfraRules.Monitoring(InfraCopy.Example));

    [Fact]
    public void The_site_is_on_Flex_Consumption_behind_TLS_without_passwords_or_an_open_admin() => Assert.Empty(InfraRules.Site(InfraCopy.Example));

    [Fact]
    public void Roles_are_few_the_right_ones_and_there_before_the_site() => Assert.Empty(InfraRules.Roles(InfraCopy.Example));

    [Fact]
    public void Domains_are_bound_one_by_one_and_one_that_is_kept_never_loses_its_certificate() => Assert.Empty(InfraRules.Domains(InfraCopy.Example));

    [Fact]
    public void Without_custom_domains_nothing_is_bound()
    {
        Assert.Empty(InfraCopy.Untouched.OfType("Microsoft.Web/sites/hostNameBindings"));
        Assert.Empty(InfraCopy.Untouched.OfType("Microsoft.Web/sites/certificates"));
    }

    [Fact]
    public void Outputs_say_what_azd_needs_and_no_secret() => Assert.Empty(InfraRules.Outputs(InfraCopy.Example));

    [Fact]
    public void Everything_is_tagged_as_azd_expects() => Assert.Empty(InfraRules.Tags(InfraCopy.Example));

    [Fact]
    public void Every_setting_is_one_that_somebody_reads()
    {
        Assert.Empty(SettingsRules.Names(InfraCopy.Example));
        Assert.Empty(SettingsRules.Names(InfraCopy.Untouched));
    }

    [Fact]
    public void Every_setting_that_a_deployment_needs_has_its_value()
    {
        Assert.Empty(SettingsRules.Values(InfraCopy.Example));
        Assert.Empty(SettingsRules.Values(InfraCopy.Untouched));
    }

    [Fact]
    public void The_service_would_start_with_these_settings()
    {
        Assert.Empty(SettingsRules.Validity(InfraCopy.Example));
        Assert.Empty(SettingsRules.Validity(InfraCopy.Untouched));
    }

    [Fact]
    public void The_example_of_the_documentation_becomes_the_settings_of_two_sites()
    {
        var settings = InfraCopy.Example.Settings.ToDictionary(StringComparer.Ordinal);

        Assert.Equal("https://auth.contoso.com", settings["Sites__contoso__Issuer"]);
        Assert.Equal("https://app.contoso.com", settings["Sites__contoso__AppOrigins__0"]);
        Assert.Equal("fabrikam", settings["Sites__contoso__HandsOffTo__0"]);
        Assert.Equal("contoso", settings["Sites__fabrikam__AcceptsFrom__0"]);
        Assert.Equal("orders.write", settings["Resources__orders__Scopes__1"]);
        Assert.Equal("orders-web", settings["Clients__0__ClientId"]);
        Assert.Equal(("smtp.example.net", "true"), (settings["Mail__Host"], settings["Accounts__ConfirmEmail"]));
        Assert.Equal("@Microsoft.KeyVault(SecretUri=<vault.properties.vaultUri>secrets/mail-password)", settings["Mail__Password"]);
        Assert.Equal(43, settings["Clients__0__SecretHashes__0"].Length);
        Assert.DoesNotContain("WEBSITE_USE_PLACEHOLDER_DOTNETISOLATED", settings.Keys);
    }

    [Fact]
    public void Without_sites_there_is_one_on_the_host_name_that_Azure_gives()
    {
        var settings = InfraCopy.Untouched.Settings.ToDictionary(StringComparer.Ordinal);

        Assert.Equal($"https://{InfraCopy.Untouched.Property("site", "name")}.azurewebsites.net", settings["Sites__main__Issuer"]);
        Assert.Equal("false", settings["Accounts__ConfirmEmail"]);
    }
}
