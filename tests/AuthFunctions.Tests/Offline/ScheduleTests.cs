using System.Globalization;
using AuthFunctions.Offline.Functions;

namespace AuthFunctions.Tests.Offline;

/// <summary>The cron expressions of timers.</summary>
public sealed class ScheduleTests
{
    [Theory]
    [InlineData("0 0 3 * * *", "2026-05-04T02:59:59Z", "2026-05-04T03:00:00Z")]
    [InlineData("0 0 3 * * *", "2026-05-04T03:00:00Z", "2026-05-05T03:00:00Z")]
    [InlineData("* * * * * *", "2026-12-31T23:59:59.999Z", "2027-01-01T00:00:00Z")]
    [InlineData("*/20 * * * * *", "2026-05-04T10:00:41Z", "2026-05-04T10:01:00Z")]
    [InlineData("0 5/25 * * * *", "2026-05-04T10:06:00Z", "2026-05-04T10:30:00Z")]
    [InlineData("0 5/25 * * * *", "2026-05-04T10:55:00Z", "2026-05-04T11:05:00Z")]
    [InlineData("0 10-20/5 * * * *", "2026-05-04T10:16:00Z", "2026-05-04T10:20:00Z")]
    [InlineData("0 0 1,13,22-23 * * *", "2026-05-04T13:00:00Z", "2026-05-04T22:00:00Z")]
    [InlineData("30 15 10 1 * *", "2026-01-31T12:00:00Z", "2026-02-01T10:15:30Z")]
    [InlineData("0 0 0 31 * *", "2026-03-31T00:00:00Z", "2026-05-31T00:00:00Z")]
    [InlineData("0 0 0 29 2 *", "2026-01-01T00:00:00Z", "2028-02-29T00:00:00Z")]
    [InlineData("0 0 0 * * 0", "2026-05-04T00:00:00Z", "2026-05-10T00:00:00Z")]
    [InlineData("0 0 9 * * 1-5", "2026-05-08T09:00:00Z", "2026-05-11T09:00:00Z")]
    [InlineData("0 0 0 13 * 5", "2026-03-14T00:00:00Z", "2026-11-13T00:00:00Z")]
    [InlineData("0 0 0 1 6 *", "2026-05-04T23:00:00-02:00", "2026-06-01T00:00:00Z")]
    public void A_schedule_gives_its_next_occurrence(string schedule, string after, string next)
    {
        var culture = CultureInfo.InvariantCulture;

        var found = CronSchedule.Parse(schedule).Next(DateTimeOffset.Parse(after, culture));

        Assert.Equal(DateTimeOffset.Parse(next, culture), found);
    }

    [Theory]
    [InlineData("0 3 * * *", "six fields")]
    [InlineData("60 * * * * *", "'60' is no second: 0 to 59")]
    [InlineData("0 * 24 * * *", "'24' is no hour: 0 to 23")]
    [InlineData("0 0 0 0 * *", "'0' is no day: 1 to 31")]
    [InlineData("0 0 0 * * 7", "'7' is no weekday: 0 to 6")]
    [InlineData("0 20-10 * * * *", "'20-10' is no minute")]
    [InlineData("0 */0 * * * *", "'*/0' is no minute")]
    [InlineData("0 1, * * * *", "'' is no minute")]
    [InlineData("0 -1 * * * *", "'-1' is no minute")]
    [InlineData("0 0 0 * MAY *", "'MAY' is no month: 1 to 12")]
    public void A_schedule_with_a_mistake_is_refused(string schedule, string fault)
    {
        var refusal = Assert.Throws<FormatException>(() => CronSchedule.Parse(schedule));

        Assert.Contains(fault, refusal.Message, StringComparison.Ordinal);
    }
}
