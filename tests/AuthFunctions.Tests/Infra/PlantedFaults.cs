namespace AuthFunctions.Tests.Infra;

internal static class PlantedFaults
{
    private const string Main = "main.bicep";
    private const string Storage = "modules/storage.bicep";
    private const string Vault = "modules/vault.bicep";
    private const string Site = "modules/site.bicep";
    private const string Roles = "modules/roles.bicep";
    private const string Domains = "modules/domains.bicep";

    public static readonly IReadOnlyList<Func<InfraFacts, IEnumerable<string>>> Rules =
    [
        InfraRules.Parse, InfraRules.Parameters, InfraRules.Storage, InfraRules.Vault, InfraRules.Monitoring, InfraRules.Site, InfraRules.Roles,
        InfraRules.Domains, InfraRules.Outputs, InfraRules.Tags, SettingsRules.Names, SettingsRules.Values, SettingsRules.Validity,
    ];

    public static readonly IReadOnlyList<PlantedFault> All =
    [
        Plant(Main, "var token = ", "var token == ", "does not parse"),
        Plant(Main, "    planId: plan.outputs.id\n", "", "nobody gives parameter 'planId' a value"),
        Plant(Main, "planId: plan.outputs.id", "planId: plan.outputs.id\n    plan: 1", "there is no parameter 'plan'"),
        Plant(Main, "empty(customDomains)", "empty(customDomain)", "'customDomain' is not declared"),

        Plant(Vault, "@description('Name of the vault.')\n", "", "nothing says what name is"),
        Plant(Vault, "@description('Where it is.')", "@description('Where it is.')\nparam unused string = ''\n\n@description('Where it is.')", "nothing uses unused"),
        Plant("settings.bicep", "  @description('What people call the site.')\n", "", "nothing says what the property displayName is"),

        Plant(Storage, "allowSharedKeyAccess: false", "allowSharedKeyAccess: true", "properties.allowSharedKeyAccess must be 'false'"),
        Plant(Storage, "allowBlobPublicAccess: false", "allowBlobPublicAccess: true", "properties.allowBlobPublicAccess must be"),
        Plant(Storage, "    minimumTlsVersion: 'TLS1_2'\n", "", "properties.minimumTlsVersion must be 'TLS1_2', but is ''"),
        Plant(Storage, "publicAccess: 'None'", "publicAccess: 'Blob'", "properties.publicAccess must be"),
        Plant(Storage, "  'Throttle'\n", "", "the tables must be"),

        Plant(Vault, "enableRbacAuthorization: true", "enableRbacAuthorization: false", "properties.enableRbacAuthorization must be"),
        Plant(Vault, "enableSoftDelete: true", "enableSoftDelete: false", "properties.enableSoftDelete must be"),
        Plant(Vault, "purgeProtection ? true : null", "purgeProtection ? null : null", "properties.enablePurgeProtection must be"),
        Plant(Vault, "'P-256'", "'P-384'", "properties.curveName must be"),
        Plant(Vault, "'P90D' }\n          action: { type: 'rotate' }", "'P90D' }\n          action: { type: 'notify' }", "signingKey: properties.rotationPolicy"),
        Plant(Vault, "keySize: 3072", "keySize: 2048", "properties.keySize must be"),
        Plant(Vault, "['wrapKey', 'unwrapKey']", "['wrapKey', 'unwrapKey', 'decrypt']", "wrappingKey: properties.keyOps must be"),

        Plant("modules/monitoring.bicep", "DisableLocalAuth: true", "DisableLocalAuth: false", "properties.DisableLocalAuth must be"),
        Plant("modules/workbook.json", "\"type\": 3", "\"type\": 1", "there is no workbook"),

        Plant(Site, "httpsOnly: true", "httpsOnly: false", "properties.httpsOnly must be"),
        Plant(Site, "functionsRuntimeAdminIsolationEnabled: true", "functionsRuntimeAdminIsolationEnabled: false", "properties.functionsRuntimeAdminIsolationEnabled"),
        Plant(Site, "    siteScopedCertificatesEnabled: true\n", "", "properties.siteScopedCertificatesEnabled must be"),
        Plant(Site, "    minTlsVersion: '1.2'", "    minTlsVersion: '1.0'", "properties.siteConfig.minTlsVersion must be"),
        Plant(Site, "'UserAssignedIdentity'", "'StorageAccountConnectionString'", "storage.authentication.type must be"),
        Plant(Site, "version: '10.0'", "version: '8.0'", "functionAppConfig.runtime must be"),
        Plant(Site, "alwaysReadyInstances == 0", "alwaysReadyInstances > 0", "scaleAndConcurrency.alwaysReady must be"),
        Plant(Site, "name: 'scm'\n  properties: {\n    allow: false", "name: 'scm'\n  properties: {\n    allow: true", "scmPassword: properties.allow must be"),
        Plant(Site, "siteConfig: {", "siteConfig: {\n      linuxFxVersion: 'DOTNET-ISOLATED|10.0'", "the site sets linuxFxVersion"),

        Plant(Roles, "12338af0-0e69-4776-bea7-57ae8d297424", "00482a5a-887f-4fb3-b363-3b7fe8e74483", "the roles must be"),
        Plant(Main, "  dependsOn: [roles]\n", "", "the site does not wait for the roles"),

        Plant(Domains, "@batchSize(1)\nresource", "resource", "names are bound at once"),
        Plant(Domains, "  dependsOn: [bindings]\n", "", "names are secured at once, or before they are bound"),
        Plant(Main, "filter(customDomains, item => (item.value.?domain == 'bind'))", "customDomains", "the bindings must be"),
        Plant("modules/domain.bicep", "    sslState: 'SniEnabled'\n", "", "auth.contoso.com, auth.fabrikam.com, auth.fabrikam.com"),

        Plant(Main, "output AZURE_TENANT_ID string = tenant().tenantId\n", "", "there is no output AZURE_TENANT_ID"),
        Plant("modules/monitoring.bicep", "output componentName", "output connection string = component.properties.ConnectionString\noutput componentName", "puts out a secret: connection"),
        Plant(Storage, "output name", "output stamp string = account.listKeys().keys[0].value\noutput name", "asks for secrets: account.listKeys"),
        Plant(Main, "'azd-service-name': 'auth'", "'azd-service-name': 'api'", "tags.azd-service-name must be"),
        Plant("modules/plan.bicep", "  tags: tags\n", "", "plan has no tag azd-env-name"),

        Plant(Main, "'Handoff__Confirm'", "'Handoff__Ask'", "nothing reads the setting Handoff__Ask"),
        Plant("settings.bicep", "__SecretHashes'", "__Secrets'", "nothing reads the setting Clients__0__Secrets__0"),
        Plant(Site, "'AzureWebJobsDisableHomepage'", "'FUNCTIONS_WORKER_RUNTIME'", "nothing reads the setting FUNCTIONS_WORKER_RUNTIME"),
        Plant("settings.bicep", "'Sites__${item.key}'", "'Sites__${item.key}-'", "no setting can be named Sites__contoso-__Issuer"),
        Plant(Main, "      one('ClientAddress__Header', 'CLIENT-IP'),\n", "", "missing: ClientAddress__Header=CLIENT-IP"),
        Plant(Main, "      one('Storage__TableUri', storage.outputs.tableUri),\n", "", "Storage: set either ConnectionString (local) or TableUri (in Azure)."),
        Plant("settings.bicep", "    one('${prefix}__Issuer', site.issuer),\n", "", "Sites:contoso:Issuer must be an origin"),
        Plant(Main, "      sitesSettings(servedSites),\n", "", "Sites: at least one site is needed."),
        Plant(Main, "'Storage__TableUri', storage.outputs.tableUri", "'Storage__ConnectionString', 'AccountKey=x'", "Storage__ConnectionString holds a key"),
    ];

    private static PlantedFault Plant(string file, string find, string replacement, string expected) => new(file, find, replacement) { Expected = expected };
}
