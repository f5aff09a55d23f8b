using AuthFunctions.Storage;
using AuthFunctions.Tests.Fixtures;

namespace AuthFunctions.Tests.Storage;

public sealed class AzureTableTests : TableContractTests
{
    protected override ITable NewTable() => Azurite.Shared.Table($"t{Guid.NewGuid():N}");

    [Fact]
    public async Task A_delete_of_a_missing_row_by_itself_is_a_conflict()
    {
        var table = NewTable();
        await table.CommitAsync([new Change.Add(new Row("p", "a", new Dictionary<string, object>()))], default);
        var etag = (await table.FindAsync("p", "a", default))!.ETag;
        await table.CommitAsync([new Change.Delete("p", "a", etag)], default);

        Assert.Equal(new Commit.Conflict(0), await table.CommitAsync([new Change.Delete("p", "a", etag)], default));
        Assert.Equal(new Commit.Conflict(0), await NewTable().CommitAsync([new Change.Delete("p", "a", etag)], default));
    }
}
