using AuthFunctions.Tests.Approved;
using AuthFunctions.Tests.Fixtures;

namespace AuthFunctions.Tests.Costs;

/// <summary>docs/cost.md says what the service takes today, by prices that are all there.</summary>
[Collection(RunsAlone.Name)]
public class CostTests
{
    [Fact]
    public async Task The_document_is_what_is_counted_today()
    {
        var (vault, wrapped) = (await Count.TakeAsync("KeyVault"), await Count.TakeAsync("KeyVaultWrapped"));

        // Where keys are changes nothing of what flows ask of the tables, and with wrapped keys no flow asks the vault for anything.
        foreach (var flow in CostFlows.Plain.Concat(CostFlows.Telling).Where(f => f.Name != Flows.KeyRotation))
        {
            Assert.Equal(vault[flow.Name] with { Signatures = 0 }, wrapped[flow.Name]);
        }

        // What the document calls shared is all that is.
        Assert.All(
            vault.Shared.Values.Concat(wrapped.Shared.Values).SelectMany(p => p.Keys),
            p => Assert.True(p.Split(' ')[0] is "Outbox" or "SigningKeys" or "DataProtection", p));
        Approval.MatchesAt("docs/cost.md", new CostDocument(vault, wrapped).Lines());
    }

    [Fact]
    public void Every_price_says_where_it_is_from()
    {
        Assert.Equal(CostData.Prices.Count, CostData.Prices.Select(p => p.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.All(CostData.Prices, p => Assert.True(
            p is { Dollars: > 0, Per: > 0, Free: >= 0, What.Length: > 0, Region.Length: > 0, Page.Host: "azure.microsoft.com" }, p.ToString()));
    }

    /// <summary>One bill by hand: 3,000,000 signatures and nothing else are 45 dollars; half of what is not free is paid.</summary>
    [Fact]
    public void A_price_is_of_what_is_not_free()
    {
        Assert.Equal(45, CostData.PriceOf("vaultOperation").Of(3_000_000), 6);
        Assert.Equal(0, CostData.PriceOf("onDemandSecond").Of(99_999), 6);
        Assert.Equal(2.6, CostData.PriceOf("onDemandSecond").Of(200_000), 6);
    }

    [Fact]
    public void A_row_is_measured_by_the_published_formula() =>
        // 4, the keys 2 × (2 + 4), column A 8 + 2 + (2 × 3 + 4), column B 8 + 2 + 8.
        Assert.Equal(
            4 + 12 + 20 + 18, RowSize.Of(new("pk", "user", new Dictionary<string, object> { ["A"] = "abc", ["B"] = DateTimeOffset.UnixEpoch })));
}
