using System.Xml.Linq;
using AuthFunctions.Protocol;
using AuthFunctions.Storage;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.SigningKeys;

/// <summary>
/// Table <c>DataProtection</c>: PartitionKey = <c>ring</c>, RowKey = a random id; the key ring that seals handoff cookies and
/// anti-forgery tokens, shared by all instances.
/// </summary>
/// <remarks>The framework's interface is synchronous. It asks once at start and then once a day, so a blocked thread is bearable.</remarks>
public sealed class DataProtectionStore([FromKeyedServices(TableNames.DataProtection)] ITable ring) : IXmlRepository
{
    private const string Partition = "ring";

    /// <inheritdoc/>
    public IReadOnlyCollection<XElement> GetAllElements() => Task.Run(async () =>
    {
        var elements = new List<XElement>();
        await foreach (var row in ring.RangeAsync(Partition, "key_", "key`", CancellationToken.None))
        {
            elements.Add(XElement.Parse(row.Text("Xml")));
        }

        return elements;
    }).GetAwaiter().GetResult();

    /// <inheritdoc/>
    public void StoreElement(XElement element, string friendlyName)
    {
        var row = new Row(Partition, "key_" + Id.New(), Columns.Of(("Xml", element.ToString(SaveOptions.DisableFormatting)), ("Name", friendlyName)));
        if (Task.Run(() => ring.CommitAsync([new Change.Add(row)], CancellationToken.None)).GetAwaiter().GetResult() is not Commit.Done)
        {
            throw new OutageException("table DataProtection");
        }
    }
}
