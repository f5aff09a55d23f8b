using System.Text.Json;
using AuthFunctions.Tests.Fixtures;

namespace AuthFunctions.Tests.Costs;

/// <summary>A list price, as prices.json has it.</summary>
/// <param name="Id">How the arithmetic calls it.</param>
/// <param name="What">What is paid for.</param>
/// <param name="Dollars">The price in US dollars, without tax or discount.</param>
/// <param name="Per">Of how many.</param>
/// <param name="Free">How many of a month are free.</param>
/// <param name="Region">Where; other regions differ by a tenth or two.</param>
/// <param name="Page">The page of the list price.</param>
/// <param name="Seen">When somebody read it off the Azure Retail Prices API; null: assumed.</param>
internal sealed record Price(string Id, string What, double Dollars, double Per, double Free, string Region, Uri Page, DateOnly? Seen)
{
    /// <summary>What that many cost in a month; what is free is taken off where the app has it to itself.</summary>
    public double Of(double count) => Math.Max(0, count - Free) * Dollars / Per;
}

/// <summary>What is measured elsewhere and only copied here: bench's figures of CPU.</summary>
/// <param name="Command">What measured it.</param>
/// <param name="Date">When.</param>
/// <param name="Cores">Of the machine.</param>
/// <param name="SignInIterations">Rounds of the password hash in the figure of the sign-in.</param>
/// <param name="HashMilliseconds">One hash at the rounds of production.</param>
/// <param name="CpuMicroseconds">CPU of the service for each flow.</param>
internal sealed record Measured(
    string Command, DateOnly Date, int Cores, int SignInIterations, double HashMilliseconds, IReadOnlyDictionary<string, double> CpuMicroseconds);

internal static class CostData
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    public static IReadOnlyList<Price> Prices { get; } = Read<List<Price>>("prices.json");

    public static Measured Measured { get; } = Read<Measured>("measured.json");

    public static Price PriceOf(string id) => Prices.Single(p => p.Id == id);

    private static T Read<T>(string file) =>
        JsonSerializer.Deserialize<T>(File.ReadAllText(Path.Combine(Azurite.RepositoryRoot, "tests", "AuthFunctions.Tests", "Costs", file)), Web)!;
}
