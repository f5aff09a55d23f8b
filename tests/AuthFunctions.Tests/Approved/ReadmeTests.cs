using AuthFunctions.Tests.Fixtures;

namespace AuthFunctions.Tests.Approved;

public class ReadmeTests
{
    private const string Good = """
        # Sample
        ## Endpoints
        | request | answers |
        |---|---|
        | `POST /login` | 200 |
        | `GET /session` · `?fresh=1` | 200 |
        | `GET /signin` · `POST /signin` | a page |

        ## Tables
        | row | holds |
        |---|---|
        | `Users` / `user` | a user |
        | `Users` / `session_{id}` | a session |
        | `UserEmails` | the index |

        ## Settings
        | setting | default | is |
        |---|---|---|
        | `Tokens:Life` | 5 minutes | life |
        | `Sites:{name}:Issuer` | required | issuer |
        | `Passwords:Iterations` | 220,000 | rounds |
        | `Accounts:Confirm` | on (off in the local sample) | mail |

        ## Deploy
        | `GET /elsewhere` | is in no table of endpoints |
        """;

    private static readonly string[] Endpoints = ["POST /login", "GET /session", "GET /signin", "POST /signin"];
    private static readonly string[] Kinds = ["Users user", "Users session_{id}", "UserEmails owner"];

    private static readonly Contract.Setting[] Settings =
    [
        new("Tokens:Life", typeof(TimeSpan), TimeSpan.FromMinutes(5)),
        new("Sites:{name}:Issuer", typeof(string), ""),
        new("Passwords:Iterations", typeof(int), 220_000),
        new("Accounts:Confirm", typeof(bool), true),
    ];

    private static string RealReadme => File.ReadAllText(Path.Combine(Azurite.RepositoryRoot, "README.md"));

    [Fact]
    public void The_README_lists_every_endpoint_and_no_other() => Assert.Empty(Readme.EndpointFaults(RealReadme, Contract.Endpoints.Select(e => e.Endpoint)));

    /// <summary>By the approved file, which another test holds to what is written.</summary>
    [Fact]
    public void The_README_lists_every_table_and_no_other() => Assert.Empty(Readme.TableFaults(
        RealReadme,
        [
            .. File.ReadAllLines(Path.Combine(Azurite.RepositoryRoot, "tests", "AuthFunctions.Tests", "Approved", "tables.txt")).Where(l => !l.StartsWith(' ')),
        ]));

    [Fact]
    public void The_README_lists_every_setting_with_its_default_and_no_other() => Assert.Empty(Readme.SettingFaults(RealReadme, Contract.Settings));

    [Fact]
    public void A_README_that_tells_what_is_has_no_fault()
    {
        Assert.Empty(Readme.EndpointFaults(Good, Endpoints));
        Assert.Empty(Readme.TableFaults(Good, Kinds));
        Assert.Empty(Readme.SettingFaults(Good, Settings));
    }

    [Theory]
    [InlineData("| `POST /login` | 200 |\n", "", "lacks endpoint POST /login")]
    [InlineData("`POST /login`", "`POST /login` · `POST /logon`", "has endpoint POST /logon")]
    [InlineData("`POST /login`", "`PUT /login`", "has endpoint PUT /login")]
    [InlineData("`GET /signin` · ", "`GET /session` · ", "GET /session 2 times")]
    [InlineData("## Endpoints", "## Paths", "lacks endpoint GET /session")]
    public void A_missing_or_superfluous_endpoint_is_found(string old, string spoiled, string fault) =>
        Assert.Contains(Readme.EndpointFaults(Spoil(old, spoiled), Endpoints), f => f.Contains(fault, StringComparison.Ordinal));

    [Theory]
    [InlineData("| `UserEmails` | the index |\n", "", "lacks table or row UserEmails")]
    [InlineData("`session_{id}`", "a session", "lacks table or row session_{id}")]
    [InlineData("`UserEmails`", "`UserEmails` · `Codes`", "has table or row Codes")]
    [InlineData("`session_{id}`", "`session_{id}` · `code_{id}`", "has table or row code_{id}")]
    public void A_missing_or_superfluous_table_is_found(string old, string spoiled, string fault) =>
        Assert.Contains(Readme.TableFaults(Spoil(old, spoiled), Kinds), f => f.Contains(fault, StringComparison.Ordinal));

    [Theory]
    [InlineData("| `Tokens:Life` | 5 minutes | life |\n", "", "lacks setting Tokens:Life")]
    [InlineData("`Sites:{name}:Issuer`", "`Sites:{name}:Issuer` · `Sites:{name}:Url`", "has setting Sites:{name}:Url")]
    [InlineData("5 minutes", "10 minutes", "default of Tokens:Life")]
    [InlineData("5 minutes", "", "default of Tokens:Life")]
    [InlineData("220,000", "210,000", "default of Passwords:Iterations")]
    [InlineData("220,000", "220", "default of Passwords:Iterations")]
    [InlineData("on (off", "off (on", "default of Accounts:Confirm")]
    public void A_missing_or_superfluous_setting_or_another_default_is_found(string old, string spoiled, string fault) =>
        Assert.Contains(Readme.SettingFaults(Spoil(old, spoiled), Settings), f => f.Contains(fault, StringComparison.Ordinal));

    private static string Spoil(string old, string spoiled)
    {
        Assert.Contains(old, Good, StringComparison.Ordinal);
        return Good.Replace(old, spoiled, StringComparison.Ordinal);
    }
}
