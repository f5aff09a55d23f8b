namespace AuthFunctions.Tests.Rules;

public class FunctionTests
{
    [Fact]
    public void Every_function_can_be_loaded_by_the_real_worker()
    {
        var types = typeof(Program).Assembly.GetTypes();

        Assert.Empty(FunctionRule.Violations(types));
        Assert.True(FunctionRule.Functions(types).Count > 20);
    }

    [Fact]
    public void Functions_as_they_should_be_are_not_found() => Assert.Empty(FunctionRule.Violations([typeof(PlantedCatchAll), typeof(PlantedGood)]));

    [Theory]
    [InlineData(typeof(PlantedNested.Inner), "not nested")]
    [InlineData(typeof(PlantedInternal), "public class")]
    [InlineData(typeof(PlantedHidden), "public instance method")]
    [InlineData(typeof(PlantedResult), "return Task")]
    [InlineData(typeof(PlantedOtherName), "must be RunAsync")]
    [InlineData(typeof(PlantedBadName), "a name is a letter")]
    [InlineData(typeof(PlantedWarmup), "not Warmup")]
    [InlineData(typeof(PlantedContext), "HttpContext parameter is null")]
    [InlineData(typeof(PlantedUncancellable), "no CancellationToken")]
    [InlineData(typeof(PlantedNoLevel), "AuthorizationLevel.Anonymous")]
    [InlineData(typeof(PlantedOtherLevel), "AuthorizationLevel.Anonymous")]
    [InlineData(typeof(PlantedNoRoute), "needs a route")]
    [InlineData(typeof(PlantedReserved), "is reserved")]
    [InlineData(typeof(PlantedReservedAuth), "is reserved")]
    [InlineData(typeof(PlantedConstraint), "a route parameter is plain text")]
    [InlineData(typeof(PlantedNumber), "as a string")]
    [InlineData(typeof(PlantedMisnamed), "as a string")]
    [InlineData(typeof(PlantedTwo), "several functions in one class")]
    [InlineData(typeof(PlantedTwin), "the name of several functions")]
    [InlineData(typeof(PlantedSecondCatchAll), "one catch-all")]
    public void A_function_that_cannot_be_loaded_is_found(Type planted, string fault) =>
        Assert.Contains(
            FunctionRule.Violations([typeof(PlantedCatchAll), typeof(PlantedGood), planted]),
            violation => violation.Contains(fault, StringComparison.Ordinal));

    [Fact]
    public void A_missing_catch_all_is_found() => Assert.Single(FunctionRule.Violations([typeof(PlantedGood)]));
}
