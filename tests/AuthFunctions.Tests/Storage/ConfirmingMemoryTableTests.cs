using AuthFunctions.Storage;

namespace AuthFunctions.Tests.Storage;

public sealed class ConfirmingMemoryTableTests : TableContractTests
{
    protected override ITable NewTable() => new ConfirmingTable(new MemoryTable());
}
