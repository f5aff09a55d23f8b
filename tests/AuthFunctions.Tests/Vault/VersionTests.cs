using AuthFunctions.Tests.Fixtures;
using Azure;
using Azure.Security.KeyVault.Keys;

namespace AuthFunctions.Tests.Vault;

/// <summary>The versions of a key: listing, rotating, changing.</summary>
public sealed class VersionTests
{
    [Fact]
    public async Task Versions_come_page_after_page_each_once_and_not_in_the_order_they_were_made()
    {
        await using var vault = await FakeVault.StartAsync("--key", "paged:EC", "--page-size", "4");
        var keys = vault.Keys();
        List<string> made = [(await keys.GetKeyAsync("paged")).Value.Properties.Version];
        for (var i = 1; i < 9; i++)
        {
            await vault.AdvanceAsync(TimeSpan.FromDays(1));
            made.Add((await keys.RotateKeyAsync("paged")).Value.Properties.Version);
        }

        List<KeyProperties> listed = [];
        await foreach (var properties in keys.GetPropertiesOfKeyVersionsAsync("paged"))
        {
            listed.Add(properties);
        }

        Assert.Equal(made.Order(StringComparer.Ordinal), listed.Select(p => p.Version));
        Assert.Equal(made, listed.OrderBy(p => p.CreatedOn).Select(p => p.Version));
        Assert.Equal(3, (await vault.CallsAsync())["list"]);
        Assert.All(listed, p => Assert.Equal(("paged", true, vault.VaultUri), (p.Name, p.Enabled, p.VaultUri)));
    }

    [Fact]
    public async Task A_listing_continues_from_the_token_of_a_page()
    {
        await using var vault = await FakeVault.StartAsync("--key", "paged:EC", "--page-size", "2");
        var keys = vault.Keys();
        await keys.RotateKeyAsync("paged");
        await keys.RotateKeyAsync("paged");
        List<Page<KeyProperties>> pages = [];
        await foreach (var page in keys.GetPropertiesOfKeyVersionsAsync("paged").AsPages())
        {
            pages.Add(page);
        }

        List<Page<KeyProperties>> rest = [];
        await foreach (var page in keys.GetPropertiesOfKeyVersionsAsync("paged").AsPages(pages[0].ContinuationToken))
        {
            rest.Add(page);
        }

        Assert.Equal([2, 1], pages.Select(p => p.Values.Count));
        Assert.Null(pages[1].ContinuationToken);
        Assert.Equal(pages[1].Values[0].Id, Assert.Single(rest).Values[0].Id);
    }

    [Fact]
    public async Task Rotating_makes_a_new_version_that_is_current_at_once_and_keeps_the_old()
    {
        await using var vault = await FakeVault.StartAsync("--key", "token-signing:EC");
        var keys = vault.Keys();
        KeyVaultKey old = await keys.GetKeyAsync(FakeVault.SigningKey);
        await vault.AdvanceAsync(TimeSpan.FromDays(30));

        KeyVaultKey made = await keys.RotateKeyAsync(FakeVault.SigningKey);

        KeyVaultKey current = await keys.GetKeyAsync(FakeVault.SigningKey);
        KeyVaultKey pinned = await keys.GetKeyAsync(FakeVault.SigningKey, old.Properties.Version);
        Assert.NotEqual(old.Id, made.Id);
        Assert.Equal(made.Id, current.Id);
        Assert.Equal((old.Id, old.Key.Id), (pinned.Id, pinned.Key.Id));
        Assert.Equal(old.Key.X, pinned.Key.X);
        Assert.NotEqual(old.Key.X, made.Key.X);
        Assert.InRange(made.Properties.CreatedOn!.Value - old.Properties.CreatedOn!.Value, TimeSpan.FromDays(30), TimeSpan.FromDays(30.01));
    }

    [Fact]
    public async Task A_change_leaves_alone_what_it_does_not_name()
    {
        await using var vault = await FakeVault.StartAsync("--key", "token-signing:EC");
        var keys = vault.Keys();
        KeyVaultKey key = await keys.GetKeyAsync(FakeVault.SigningKey);
        var expires = new DateTimeOffset(2040, 1, 2, 3, 4, 5, TimeSpan.Zero);
        await keys.UpdateKeyPropertiesAsync(new KeyProperties(key.Id) { ExpiresOn = expires });
        await vault.AdvanceAsync(TimeSpan.FromMinutes(1));

        KeyVaultKey changed = await keys.UpdateKeyPropertiesAsync(new KeyProperties(key.Id) { Enabled = false });

        Assert.Equal((false, expires, null), (changed.Properties.Enabled, changed.Properties.ExpiresOn, changed.Properties.NotBefore));
        Assert.Equal(key.Properties.CreatedOn, changed.Properties.CreatedOn);
        Assert.True(changed.Properties.UpdatedOn > key.Properties.UpdatedOn);
        Assert.Equal(key.KeyOperations, changed.KeyOperations);
    }

    [Fact]
    public async Task A_change_of_no_version_in_particular_is_refused_by_the_client()
    {
        await using var vault = await FakeVault.StartAsync("--key", "token-signing:EC");
        var keys = vault.Keys();

        await Assert.ThrowsAsync<ArgumentException>(
            () => keys.UpdateKeyPropertiesAsync(new KeyProperties(FakeVault.SigningKey) { Enabled = false }));

        Assert.True((await keys.GetKeyAsync(FakeVault.SigningKey)).Value.Properties.Enabled);
    }

    [Fact]
    public async Task A_key_and_a_version_that_are_not_there_are_404()
    {
        await using var vault = await FakeVault.StartAsync("--key", "token-signing:EC");
        var keys = vault.Keys();
        var nowhere = new string('0', 32);

        async Task RefusedAsync(Func<Task> call)
        {
            var refusal = await Assert.ThrowsAsync<RequestFailedException>(call);
            Assert.Equal((404, "KeyNotFound"), (refusal.Status, refusal.ErrorCode));
        }

        await RefusedAsync(() => keys.GetKeyAsync("nobody"));
        await RefusedAsync(() => keys.GetKeyAsync(FakeVault.SigningKey, nowhere));
        await RefusedAsync(() => keys.RotateKeyAsync("nobody"));
        await RefusedAsync(() => keys.GetPropertiesOfKeyVersionsAsync("nobody").GetAsyncEnumerator().MoveNextAsync().AsTask());
        await RefusedAsync(() => keys.UpdateKeyPropertiesAsync(new KeyProperties(new Uri(vault.VaultUri, $"/keys/{FakeVault.SigningKey}/{nowhere}"))));
    }
}
