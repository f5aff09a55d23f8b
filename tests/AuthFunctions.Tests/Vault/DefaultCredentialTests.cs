using AuthFunctions.Tests.Fixtures;
using Azure.Identity;
using Azure.Security.KeyVault.Keys;

namespace AuthFunctions.Tests.Vault;

/// <summary>
/// The credential that the product uses in Azure, unchanged. It reads the environment of the process, which other tests read too, so
/// this runs while none of them does.
/// </summary>
[Collection(nameof(DefaultCredentialTests))]
public sealed class DefaultCredentialTests
{
    [Fact]
    public async Task The_default_credential_finds_the_identity_endpoint_and_the_vault_takes_its_token()
    {
        await using var vault = await FakeVault.StartAsync("--key", "token-signing:EC");
        string[] names = ["IDENTITY_ENDPOINT", "IDENTITY_HEADER"];
        try
        {
            Array.ForEach(names, name => Environment.SetEnvironmentVariable(name, vault.Environment[name]));
            var keys = new KeyClient(vault.VaultUri, new DefaultAzureCredential(), vault.KeyOptions());

            var key = await keys.GetKeyAsync(FakeVault.SigningKey);

            Assert.Equal(FakeVault.SigningKey, key.Value.Name);
        }
        finally
        {
            Array.ForEach(names, name => Environment.SetEnvironmentVariable(name, null));
        }
    }

    /// <summary>Not at the same time as any other test.</summary>
    [CollectionDefinition(nameof(DefaultCredentialTests), DisableParallelization = true)]
    public sealed class Alone;
}
