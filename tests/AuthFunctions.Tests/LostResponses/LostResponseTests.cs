using AuthFunctions.Tests.Storage;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.LostResponses;

/// <summary>Every commit of the product, when its answer is lost or it does not come about: no session is lost, none is doubled.</summary>
public class LostResponseTests
{
    public static TheoryData<string, Trouble> Cases
    {
        get
        {
            var cases = new TheoryData<string, Trouble>();
            foreach (var scenario in All())
            {
                foreach (var trouble in Enum.GetValues<Trouble>())
                {
                    cases.Add(scenario.Site, trouble);
                }
            }

            return cases;
        }
    }

    [Fact]
    public void Every_commit_of_the_product_has_a_scenario()
    {
        Assert.Equal(CommitSites.OfProduct(), All().Select(s => s.Site).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_new_commit_is_found_wherever_it_stands()
    {
        const string Source = """
            public sealed class NewStore(ITable table)
            {
                private readonly Lazy<string> name = new(() => "");

                public Task<Commit> AddAsync(Row row) => table.CommitAsync([new Change.Add(row)], default);

                public async Task<bool> TwiceAsync(
                    Row row, CancellationToken ct)
                {
                    if (row is null)
                    {
                        await table.CommitAsync([], ct);
                    }

                    return await table
                        .CommitAsync([], ct) is Commit.Done;
                }

                public async Task<Commit> CommitAsync(Row row) => await Inner();
            }
            """;

        Assert.Equal(["NewStore.AddAsync", "NewStore.TwiceAsync", "NewStore.TwiceAsync#2"], CommitSites.In("NewStore", Source));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_commit_in_trouble_loses_and_doubles_nothing(string site, Trouble trouble)
    {
        var scenario = All().Single(s => s.Site == site);
        await using var service = await StartAsync(scenario.Settings, scenario.Adjust);

        // Asked for once, so that they are there to be made to fail.
        (_, _) = (service.Table("Users"), service.Table(scenario.Table));
        var request = await scenario.ArrangeAsync(service);
        var faults = scenario.Faults ?? service.Faults[scenario.Table];

        faults.When = scenario.Picks;
        faults.NextCommit = trouble switch
        {
            Trouble.NotLanded => Fault.FailBeforeCommit,
            Trouble.LostAsOutage or Trouble.LostAndUnreadable => Fault.CommitThenFail,
            _ => Fault.CommitThenConflict,
        };
        faults.Meanwhile = () =>
        {
            faults.ReadsFail = trouble is Trouble.LostAndUnreadable or Trouble.ConflictAndUnreadable;
            return Task.CompletedTask;
        };
        var course = new Course(Landed: trouble != Trouble.NotLanded, Repeated: false);
        var answer = await request.SendAsync();
        Assert.Equal(Fault.None, faults.NextCommit);
        faults.ReadsFail = false;

        if (trouble is Trouble.LostAsOutage or Trouble.LostAsConflict || request.NeverFails)
        {
            await AssertStatusAsync(request.Status, answer);
        }
        else
        {
            await AssertStatusAsync(503, answer);
            Assert.Equal("1", answer.Headers.GetValues("Retry-After").Single());
            Assert.False(answer.Headers.Contains("Set-Cookie"));
            answer.Dispose();
            course = course with { Repeated = true };
            answer = await (request.RepeatAsync?.Invoke(course) ?? request.SendAsync());
            await AssertStatusAsync(request.RepeatStatus?.Invoke(course) ?? request.Status, answer);
        }

        using (answer)
        {
            await request.CheckAsync(answer, course);
        }
    }

    private static IEnumerable<Scenario> All() =>
    [
        .. SessionScenarios.All(), .. HandoffScenarios.All(), .. AccountScenarios.All(), .. AuthorizeScenarios.All(),
        .. OutboxScenarios.All(), .. DeviceScenarios.All(), .. AccountLifeScenarios.All(), .. HousekeepingScenarios.All(),
        .. KeyScenarios.All(),
    ];

    private static async Task AssertStatusAsync(int status, HttpResponseMessage answer) => Assert.True(
        status == (int)answer.StatusCode,
        $"{(int)answer.StatusCode} instead of {status}: {answer.Headers.Location} {await answer.Content.ReadAsStringAsync()}");
}
