using AuthFunctions.Storage;
using AuthFunctions.Tests.Fixtures;

namespace AuthFunctions.Tests.Storage;

public sealed class ConfirmingAzureTableTests : TableContractTests
{
    protected override ITable NewTable() => new ConfirmingTable(Azurite.Shared.Table($"t{Guid.NewGuid():N}"));
}
