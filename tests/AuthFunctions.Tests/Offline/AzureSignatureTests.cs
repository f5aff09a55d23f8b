using AuthFunctions.Tests.Fixtures;
using Azure.Data.Tables;

namespace AuthFunctions.Tests.Offline;

/// <summary>
/// Holds the storage library to the list of members the product uses, so that what compiles here compiles against the package:
/// with the stand-in its every member, and with the package itself (<c>Offline=host</c>) the list.
/// </summary>
public sealed class AzureSignatureTests
{
    private static readonly string[] Listed =
    [
        .. File.ReadLines(Path.Combine(
                Azurite.RepositoryRoot, "tests", "AuthFunctions.Tests", "Offline", "azure-signatures.txt"))
            .Where(line => line.Length > 0 && line[0] != '#'),
    ];

    private static readonly string[] Found = [.. SignatureFormat.Describe(typeof(TableClient).Assembly)];

    [Fact]
    public void Every_listed_member_is_there_as_listed()
    {
        Assert.NotEmpty(Listed);
        Assert.Empty(Listed.Except(Found, StringComparer.Ordinal));
    }

    [Fact]
    public void The_stand_in_has_no_member_that_is_not_listed()
    {
        var isStandIn = typeof(TableClient).Assembly.GetName().Name != "Azure.Data.Tables";

        Assert.Equal(isStandIn, !Found.Except(Listed, StringComparer.Ordinal).Any());
    }
}
