using AuthFunctions.Tests.Fixtures;
using Azure.Data.Tables;
using Azure.Security.KeyVault.Keys;
using Azure.Storage.Queues;

namespace AuthFunctions.Tests.Offline;

/// <summary>
/// Holds the libraries of storage and of the vault to the lists of members the product uses, so that what compiles here compiles against the packages: with the
/// stand-ins their every member, and with the packages themselves (<c>Offline=host</c>) the lists.
/// </summary>
public sealed class AzureSignatureTests
{
    /// <summary>The lists, and a type of the library that each is about.</summary>
    public static TheoryData<string, Type> Libraries => new()
    {
        { "azure-signatures.txt", typeof(TableClient) },
        { "queues-signatures.txt", typeof(QueueClient) },
        { "keys-signatures.txt", typeof(KeyClient) },
    };

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Every_listed_member_is_there_as_listed(string list, Type type)
    {
        Assert.NotEmpty(Listed(list));
        Assert.Empty(Listed(list).Except(Found(type), StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void The_stand_in_has_no_member_that_is_not_listed(string list, Type type)
    {
        var isStandIn = type.Assembly.GetName().Name != type.Namespace;

        Assert.Equal(isStandIn, !Found(type).Except(Listed(list), StringComparer.Ordinal).Any());
    }

    private static string[] Listed(string list) =>
    [
        .. File.ReadLines(Path.Combine(Azurite.RepositoryRoot, "tests", "AuthFunctions.Tests", "Offline", list))
            .Where(line => line.Length > 0 && line[0] != '#'),
    ];

    /// <summary>Those of the type's library; the stand-ins are in one assembly.</summary>
    private static string[] Found(Type type) =>
        [.. SignatureFormat.Describe(type.Assembly).Where(line => line.StartsWith(type.Namespace!, StringComparison.Ordinal))];
}
