using System.Diagnostics;
using System.Globalization;

namespace AuthFunctions.Tests.Hostile;

/// <summary>Twenty thousand texts for each parser: changed valid ones, and such as are of nothing in particular.</summary>
public sealed class ParserFuzzTests(FuzzedParsers parsers) : IClassFixture<FuzzedParsers>
{
    private const int Cases = 20_000;

    /// <summary>Generous, because the machine may be busy; what is slow by its input takes seconds, and each time.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(200);

    private readonly int seed = int.Parse(Environment.GetEnvironmentVariable("FUZZ_SEED") ?? "20261122", CultureInfo.InvariantCulture);

    public static TheoryData<string> Parsers => [.. FuzzedParsers.Names];

    [Theory]
    [MemberData(nameof(Parsers))]
    public async Task It_refuses_what_it_cannot_read_in_its_own_way_and_says_again_what_it_could(string name)
    {
        var parser = await parsers.ParserAsync(name);
        foreach (var valid in parser.Valid)
        {
            Assert.True(await parser.Reads(valid), valid);
        }

        var random = new Random(seed);
        var read = 0;
        for (var number = 0; number < Cases; number++)
        {
            var text = random.Next(8) switch
            {
                0 => Mutator.Random(random),
                1 or 2 or 3 when parser.Valid[0].StartsWith("eyJ", StringComparison.Ordinal) => Mutator.Reshaped(parser.Valid[0], random),
                _ => Mutator.Mutated(parser.Valid, random),
            };
            read += await ReadAsync(parser, text, $"FUZZ_SEED={seed}, {name}, case {number}") ? 1 : 0;
        }

        // Many come close and fail.
        Assert.InRange(Cases - read, name is "Accept-Language" ? 0 : Cases / 8, Cases);
    }

    [Theory]
    [MemberData(nameof(Parsers))]
    public async Task Long_texts_take_it_no_longer_than_short_ones(string name)
    {
        var parser = await parsers.ParserAsync(name);
        string[] pieces = ["a", ".", "=", "&", "%", "%20", ";", ",", "\"", "\\", " ", "[", "{\"a\":", "/", "../", "A.", "a=b; ", "\u00e9", "-"];
        foreach (var piece in pieces)
        {
            var repeated = string.Concat(Enumerable.Repeat(piece, 30_000 / piece.Length));
            await ReadAsync(parser, repeated, $"{name}, {piece} repeated");
            await ReadAsync(parser, parser.Valid[0] + repeated, $"{name}, {piece} repeated after a valid one");
            await ReadAsync(parser, parser.Valid[0][..(parser.Valid[0].Length / 2)] + repeated, $"{name}, {piece} repeated after half of one");
        }
    }

    /// <summary>True if it could be read.</summary>
    private static async Task<bool> ReadAsync(FuzzedParser parser, string text, string which)
    {
        var started = Stopwatch.GetTimestamp();
        bool? read;
        try
        {
            read = await parser.Reads(text);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"{which}: {System.Text.Json.JsonSerializer.Serialize(text)}", exception);
        }

        Assert.True(read is not false, $"{which} is misread: {System.Text.Json.JsonSerializer.Serialize(text)}");
        var took = Stopwatch.GetElapsedTime(started);
        for (var again = 0; took > Longest && again < 3; again++)
        {
            // Something else had the processor; a slow parser is slow each time.
            started = Stopwatch.GetTimestamp();
            await parser.Reads(text);
            took = Stopwatch.GetElapsedTime(started);
        }

        Assert.True(took <= Longest, $"{which} takes {took.TotalMilliseconds:F0} ms: {System.Text.Json.JsonSerializer.Serialize(text)}");
        return read is not null;
    }
}
