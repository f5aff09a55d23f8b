using AuthFunctions.Tests.Fixtures;
using Microsoft.Azure.Functions.Worker.Builder;

namespace AuthFunctions.Tests.Offline;

/// <summary>
/// Holds the stand-in for the Functions worker to the list of members the product uses, so that what compiles here compiles
/// against the packages. They are several assemblies, and need the Functions host to run: here is the stand-in alone.
/// </summary>
public sealed class FunctionsSignatureTests
{
    private static readonly string[] Listed =
    [
        .. File.ReadLines(Path.Combine(
                Azurite.RepositoryRoot, "tests", "AuthFunctions.Tests", "Offline", "functions-signatures.txt"))
            .Where(line => line.Length > 0 && line[0] != '#'),
    ];

    private static readonly string[] Found = [.. SignatureFormat.Describe(typeof(FunctionsApplication).Assembly)];

    [Fact]
    public void Every_listed_member_is_there_as_listed()
    {
        Assert.NotEmpty(Listed);
        Assert.Empty(Listed.Except(Found, StringComparer.Ordinal));
    }

    [Fact]
    public void The_stand_in_has_no_member_that_is_not_listed() => Assert.Empty(Found.Except(Listed, StringComparer.Ordinal));

    // The text of a signature leaves attributes out, but a wrong usage would compile in one place and not in the other.
    [Theory]
    [InlineData(typeof(Microsoft.Azure.Functions.Worker.FunctionAttribute), AttributeTargets.Method)]
    [InlineData(typeof(Microsoft.Azure.Functions.Worker.HttpTriggerAttribute), AttributeTargets.Parameter)]
    [InlineData(typeof(Microsoft.Azure.Functions.Worker.TimerTriggerAttribute), AttributeTargets.Parameter)]
    [InlineData(typeof(Microsoft.Azure.Functions.Worker.QueueTriggerAttribute), AttributeTargets.Parameter)]
    public void An_attribute_stands_where_the_real_one_may(Type attribute, AttributeTargets targets)
    {
        var usage = Assert.Single(attribute.GetCustomAttributes(typeof(AttributeUsageAttribute), inherit: true));

        Assert.Equal(targets, ((AttributeUsageAttribute)usage).ValidOn);
    }
}
