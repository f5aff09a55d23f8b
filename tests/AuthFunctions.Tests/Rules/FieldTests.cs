namespace AuthFunctions.Tests.Rules;

public class FieldTests
{
    [Theory]
    [InlineData("functions")]
    [InlineData("offline")]
    [InlineData("tests")]
    public void Private_fields_are_named_alike_everywhere(string folder) => Assert.Empty(SourceFile.Under(folder).SelectMany(FieldRule.Violations));

    [Theory]
    [InlineData("    private int _count;")]
    [InlineData("    private readonly Lock _lock = new();")]
    [InlineData("    private readonly Dictionary<string, List<int>> _all = [];")]
    [InlineData("    private volatile KeySet? Keys;")]
    [InlineData("    private static readonly TimeSpan lifetime = TimeSpan.Zero;")]
    [InlineData("    private const int maxTries = 40;")]
    [InlineData("    private readonly (int A, string B)[] _pairs = [];")]
    public void A_field_named_otherwise_is_found(string text) => Assert.Single(FieldRule.Violations(new("A.cs", text)));

    [Theory]
    [InlineData("    private readonly byte[] bytes;")]
    [InlineData("    private static int count = 1;")]
    [InlineData("    private static readonly string[] Known = [];")]
    [InlineData("    private static Problem DeadLink => new();")]
    [InlineData("    private static int Count() => 1;")]
    [InlineData("    private string Root { get; }")]
    public void A_field_named_so_and_what_is_none_are_not_found(string text) => Assert.Empty(FieldRule.Violations(new("A.cs", text)));
}
