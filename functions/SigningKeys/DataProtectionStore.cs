using System.Text;
using System.Xml.Linq;
using AuthFunctions.Protocol;
using AuthFunctions.Storage;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AuthFunctions.SigningKeys;

/// <summary>
/// Table <c>DataProtection</c>: PartitionKey = <c>ring</c>, RowKey = a random id; the key ring that seals handoff cookies and
/// anti-forgery tokens, shared by all instances. Where there is a vault, its RSA key wraps each key: the table alone opens no cookie.
/// </summary>
/// <remarks>
/// Keys are opened here and not by the framework's own encryptor, because that takes one that it cannot open just now for lost, and makes
/// another: here a vault that is out is an outage. (Its warning that keys are stored in the clear knows nothing of this; host.json leaves it
/// out.) The framework's interface is synchronous. It asks once at start and then once a day, so a
/// blocked thread is bearable.
/// </remarks>
public sealed class DataProtectionStore(
    [FromKeyedServices(TableNames.DataProtection)] ITable ring, KeyVaultWrapper wrapper, IOptions<KeysOptions> options) : IXmlRepository
{
    private const string Partition = "ring";

    private bool HasVault => options.Value.Source != KeySourceKind.Development;

    /// <inheritdoc/>
    public IReadOnlyCollection<XElement> GetAllElements() => Task.Run(async () =>
    {
        var elements = new List<Task<string>>();
        await foreach (var row in ring.RangeAsync(Partition, "key_", "key`", CancellationToken.None))
        {
            // What was sealed the other way, before Keys:Source changed, is not this ring's; one in the clear would be no secret besides.
            if (row.Columns.ContainsKey(HasVault ? "Sealed" : "Xml"))
            {
                elements.Add(OpenAsync(row));
            }
        }

        return (await Task.WhenAll(elements)).Select(xml => XElement.Parse(xml)).ToList();
    }).GetAwaiter().GetResult();

    /// <inheritdoc/>
    public void StoreElement(XElement element, string friendlyName) => Task.Run(async () =>
    {
        var row = await SealAsync(element.ToString(SaveOptions.DisableFormatting), friendlyName);
        if (await ring.CommitAsync([new Change.Add(row)], CancellationToken.None) is not Commit.Done)
        {
            throw new OutageException("table DataProtection");
        }
    }).GetAwaiter().GetResult();

    private async Task<Row> SealAsync(string xml, string name)
    {
        if (!HasVault)
        {
            return new Row(Partition, "key_" + Id.New(), Columns.Of(("Xml", xml), ("Name", name)));
        }

        var envelope = await wrapper.SealAsync(Encoding.UTF8.GetBytes(xml), CancellationToken.None);
        return new Row(Partition, "key_" + Id.New(), Columns.Of(
            ("Sealed", envelope.Sealed), ("WrappedDataKey", envelope.WrappedDataKey), ("WrappedBy", envelope.WrappedBy), ("Name", name)));
    }

    private async Task<string> OpenAsync(Row row) => HasVault
        ? Encoding.UTF8.GetString(await wrapper.OpenAsync(
            new Envelope(row.Bytes("Sealed"), row.Bytes("WrappedDataKey"), row.Text("WrappedBy")), CancellationToken.None))
        : row.Text("Xml");
}
