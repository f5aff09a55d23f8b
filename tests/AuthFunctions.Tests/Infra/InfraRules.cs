using System.Text.Json.Nodes;
using AuthFunctions.Storage;

namespace AuthFunctions.Tests.Infra;

/// <summary>What must hold of infra/. Each rule returns what does not, as sentences.</summary>
internal static class InfraRules
{
    private static readonly Dictionary<string, string> RoleIds = new(StringComparer.Ordinal)
    {
        ["b7e6dc6d-f1e8-4753-8033-0f276bb0955b"] = "Storage Blob Data Owner",
        ["0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"] = "Storage Table Data Contributor",
        ["974c5e8b-45b9-4653-ba55-5f855dd0fb88"] = "Storage Queue Data Contributor",
        ["4633458b-17de-408a-b874-0445c86b69e6"] = "Key Vault Secrets User",
        ["3913510d-42f4-4e42-8a64-420c390055eb"] = "Monitoring Metrics Publisher",
        ["12338af0-0e69-4776-bea7-57ae8d297424"] = "Key Vault Crypto User",
        ["14b46e9e-c2b7-41b4-b07b-48a6ebf60603"] = "Key Vault Crypto Officer",
    };

    private static readonly string[] RequiredOutputs =
        ["AZURE_LOCATION", "AZURE_TENANT_ID", "AZURE_RESOURCE_GROUP", "SERVICE_AUTH_NAME", "SERVICE_AUTH_ENDPOINTS", "AUTH_VAULT_URI", "AUTH_TABLE_URI"];

    private static readonly string[] NotOnFlex = ["linuxFxVersion", "netFrameworkVersion", "alwaysOn", "use32BitWorkerProcess", "ftpsState", "cors"];

    private static readonly string[] SecretWords = ["connectionstring", "password", "secret", "instrumentationkey", "listkeys", "keys()", "sas"];

    public static IEnumerable<string> Parse(InfraFacts infra) =>
        [.. infra.Files.SelectMany(f => f["errors"]!.AsArray().Select(e => $"{f["path"]}:{e}")), .. infra.Problem is { } problem ? [problem] : Array.Empty<string>()];

    public static IEnumerable<string> Parameters(InfraFacts infra) =>
        infra.Files.SelectMany(f => f["parameters"]!.AsArray().SelectMany(p => new[]
        {
            (bool)p!["described"]! ? null : $"{f["path"]}: nothing says what {p["name"]} is",
            (bool)p["used"]! ? null : $"{f["path"]}: nothing uses {p["name"]}",
        }).Concat(f["undescribed"]!.AsArray().Select(name => $"{f["path"]}: nothing says what the property {name} is"))).OfType<string>();

    public static IEnumerable<string> Storage(InfraFacts infra) =>
    [
        .. Expect(infra, "account", "properties.allowSharedKeyAccess", "false"),
        .. Expect(infra, "account", "properties.allowBlobPublicAccess", "false"),
        .. Expect(infra, "account", "properties.allowCrossTenantReplication", "false"),
        .. Expect(infra, "account", "properties.supportsHttpsTrafficOnly", "true"),
        .. Expect(infra, "account", "properties.minimumTlsVersion", "TLS1_2"),
        .. Expect(infra, "packages", "properties.publicAccess", "None"),
        .. Same("the tables", TableNames.All, infra.OfType("Microsoft.Storage/storageAccounts/tableServices/tables").Select(t => (string)t["body"]!["name"]!)),
    ];

    public static IEnumerable<string> Vault(InfraFacts infra) =>
    [
        .. Expect(infra, "vault", "properties.enableRbacAuthorization", "true"),
        .. Expect(infra, "vault", "properties.enableSoftDelete", "true"),
        .. Expect(infra, "vault", "properties.enablePurgeProtection", "true"),
        .. Expect(infra, "signingKey", "name", "token-signing"),
        .. Expect(infra, "signingKey", "properties.kty", "EC"),
        .. Expect(infra, "signingKey", "properties.curveName", "P-256"),
        .. Expect(infra, "signingKey", "properties.keyOps", """["sign","verify"]"""),
        .. Expect(infra, "signingKey", "properties.rotationPolicy.lifetimeActions.0.action.type", "rotate"),
        .. Expect(infra, "wrappingKey", "name", "key-wrapping"),
        .. Expect(infra, "wrappingKey", "properties.kty", "RSA"),
        .. Expect(infra, "wrappingKey", "properties.keySize", "3072"),
        .. Expect(infra, "wrappingKey", "properties.keyOps", """["wrapKey","unwrapKey"]"""),
        .. Expect(infra, "wrappingKey", "properties.rotationPolicy.lifetimeActions.0.action.type", "rotate"),
        // What an old version wrapped must open for as long as its row lives.
        .. Expect(infra, "wrappingKey", "properties.rotationPolicy.attributes", ""),
    ];

    public static IEnumerable<string> Monitoring(InfraFacts infra) =>
    [
        .. Expect(infra, "component", "properties.DisableLocalAuth", "true"),
        .. Expect(infra, "workspace", "properties.features.disableLocalAuth", "true"),
        .. Expect(infra, "component", "properties.WorkspaceResourceId", "<workspace.id>"),
        .. infra.OfType("Microsoft.Insights/workbooks").Any(w => IsWorkbook($"{w["body"]!["properties"]!["serializedData"]}"))
            ? Array.Empty<string>() : ["there is no workbook, or it is not one"],
    ];

    public static IEnumerable<string> Site(InfraFacts infra) =>
    [
        .. Expect(infra, "plan", "sku.name", "FC1"),
        .. Expect(infra, "plan", "properties.reserved", "true"),
        .. Expect(infra, "site", "kind", "functionapp,linux"),
        .. Expect(infra, "site", "identity.type", "UserAssigned"),
        .. Expect(infra, "site", "properties.httpsOnly", "true"),
        .. Expect(infra, "site", "properties.functionsRuntimeAdminIsolationEnabled", "true"),
        .. Expect(infra, "site", "properties.siteScopedCertificatesEnabled", "true"),
        .. Expect(infra, "site", "properties.siteConfig.minTlsVersion", "1.2"),
        .. Expect(infra, "site", "properties.functionAppConfig.deployment.storage.authentication.type", "UserAssignedIdentity"),
        .. Expect(infra, "site", "properties.functionAppConfig.runtime", """{"name":"dotnet-isolated","version":"10.0"}"""),
        .. Expect(infra, "site", "properties.functionAppConfig.scaleAndConcurrency.alwaysReady", "[]"),
        .. Expect(infra, "scmPassword", "properties.allow", "false"),
        .. Expect(infra, "ftpPassword", "properties.allow", "false"),
        // What Flex Consumption refuses, or its successor of an older plan says elsewhere.
        .. NotOnFlex.Where(name => infra.Property("site", "properties.siteConfig")?[name] is not null).Select(name => $"the site sets {name}"),
    ];

    public static IEnumerable<string> Roles(InfraFacts infra) =>
    [
        .. Same(
            "the roles",
            [
                "service: Key Vault Crypto User on vault", "service: Key Vault Crypto Officer on signingKey", "service: Monitoring Metrics Publisher on component",
                "service: Storage Blob Data Owner on storage", "service: Storage Table Data Contributor on storage",
                "service: Storage Queue Data Contributor on storage", "service: Key Vault Secrets User on vault",
                "operator: Key Vault Crypto Officer on vault",
            ],
            infra.OfType("Microsoft.Authorization/roleAssignments").Select(Describe)),
        // An app that starts without its roles finds no package, and says so nowhere (azure-functions-host 10970).
        .. infra.File("main.bicep")["modules"]!.AsArray().Any(m => (string)m!["symbol"]! == "site" && m["dependsOn"]!.AsArray().Any(d => (string)d! == "roles"))
            ? Array.Empty<string>() : ["the site does not wait for the roles"],
        .. infra.OfType("Microsoft.Authorization/roleAssignments").Where(r => (string)r["file"]! != "modules/roles.bicep").Select(r => $"{r["file"]} assigns a role"),
    ];

    public static IEnumerable<string> Domains(InfraFacts infra)
    {
        var bindings = infra.OfType("Microsoft.Web/sites/hostNameBindings").Select(b => $"{b["body"]!["name"]} {b["body"]!["properties"]!["sslState"]}".Trim()).ToList();
        return
        [
            .. Same("the bindings", ["auth.fabrikam.com", "auth.contoso.com SniEnabled", "auth.fabrikam.com SniEnabled"], bindings),
            .. Same("the certificates", ["auth.contoso.com", "auth.fabrikam.com"],
                infra.OfType("Microsoft.Web/sites/certificates").Select(c => $"{c["body"]!["properties"]!["canonicalName"]}")),
            .. infra.OfType("Microsoft.Web/sites/hostNameBindings").Where(b => (string)b["symbol"]! == "bindings" && $"{b["batchSize"]}" != "1").Select(_ => "names are bound at once"),
            .. infra.File("modules/domains.bicep")["modules"]!.AsArray().Where(m => $"{m!["batchSize"]}".Length == 0 || m!["dependsOn"]!.AsArray().All(d => (string)d! != "bindings"))
                .Select(_ => "names are secured at once, or before they are bound"),
        ];
    }

    public static IEnumerable<string> Outputs(InfraFacts infra) =>
    [
        .. RequiredOutputs.Where(name => !infra.Outputs.ContainsKey(name)).Select(name => $"there is no output {name}"),
        .. infra.Files.SelectMany(f => f["outputs"]!.AsArray().Where(o => IsSecret($"{o!["name"]} {o["expression"]}", f)).Select(o => $"{f["path"]} puts out a secret: {o!["name"]}")),
        // Keys that are asked for at all end up somewhere.
        .. infra.Files.SelectMany(f => f["calls"]!.AsArray().Where(c => $"{c}".Contains("list", StringComparison.OrdinalIgnoreCase)).Select(c => $"{f["path"]} asks for secrets: {c}")),
    ];

    public static IEnumerable<string> Tags(InfraFacts infra) =>
    [
        .. Expect(infra, "site", "tags.azd-service-name", "auth"),
        .. infra.Resources.Where(r => r["body"]!["location"] is not null && r["body"]!["tags"]?["azd-env-name"] is null).Select(r => $"{r["symbol"]} has no tag azd-env-name"),
        .. (string)infra.File("main.bicep")["targetScope"]! == "subscription" ? Array.Empty<string>() : ["main.bicep is not for a subscription"],
    ];

    private static string Describe(JsonNode role)
    {
        var properties = role["body"]!["properties"]!;
        var id = ((string)properties["roleDefinitionId"]!).Split('/')[^1];
        var who = (string)properties["principalId"]! == "<identity.properties.principalId>" ? "service" : "operator";
        return $"{who}: {RoleIds.GetValueOrDefault(id, id)} on {role["body"]!["scope"]}";
    }

    private static bool IsSecret(string output, JsonNode file) =>
        SecretWords.Any(word => output.Contains(word, StringComparison.OrdinalIgnoreCase))
        || file["parameters"]!.AsArray().Any(p => (bool)p!["secure"]! && output.Contains((string)p["name"]!, StringComparison.Ordinal));

    private static bool IsWorkbook(string text) => JsonNode.Parse(text)?["items"]?.AsArray().Count(i => (int?)i!["type"] == 3) > 0;

    private static IEnumerable<string> Expect(InfraFacts infra, string symbol, string path, string expected)
    {
        var found = infra.Property(symbol, path);
        var text = found is JsonArray or JsonObject ? found.ToJsonString() : $"{found}";
        return text == expected ? [] : [$"{symbol}: {path} must be '{expected}', but is '{text}'"];
    }

    private static IEnumerable<string> Same(string what, IEnumerable<string> expected, IEnumerable<string> found)
    {
        var (wanted, got) = (string.Join(", ", expected.Order(StringComparer.Ordinal)), string.Join(", ", found.Order(StringComparer.Ordinal)));
        return wanted == got ? [] : [$"{what} must be {wanted}, but are {got}"];
    }
}
