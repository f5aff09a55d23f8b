namespace AuthFunctions.Offline.Functions;

/// <summary>A schedule of six fields: second, minute, hour, day of the month, month, day of the week (0 is Sunday).</summary>
/// <remarks>As in NCRONTAB, a day must suit both its fields: <c>0 0 0 13 * 5</c> is Friday the 13th.</remarks>
internal sealed class CronSchedule
{
    // Calendars repeat after 28 years, or after 40 across a century that has no leap day.
    private const int YearsToSearch = 41;

    private readonly ulong seconds;
    private readonly ulong minutes;
    private readonly ulong hours;
    private readonly ulong days;
    private readonly ulong months;
    private readonly ulong weekdays;

    private CronSchedule(string[] fields)
    {
        seconds = CronField.Parse(fields[0], "second", 0, 59);
        minutes = CronField.Parse(fields[1], "minute", 0, 59);
        hours = CronField.Parse(fields[2], "hour", 0, 23);
        days = CronField.Parse(fields[3], "day", 1, 31);
        months = CronField.Parse(fields[4], "month", 1, 12);
        weekdays = CronField.Parse(fields[5], "weekday", 0, 6);
    }

    /// <exception cref="FormatException">Not six fields, or a field that names nothing in its range.</exception>
    public static CronSchedule Parse(string text)
    {
        var fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length == 6
            ? new CronSchedule(fields)
            : throw new FormatException($"a schedule has six fields, but '{text}' has {fields.Length}.");
    }

    /// <summary>The first occurrence after <paramref name="moment"/>, to the second; null if there is none.</summary>
    public DateTimeOffset? Next(DateTimeOffset moment)
    {
        var utc = moment.UtcDateTime;
        var from = new DateTime(utc.Ticks - (utc.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc).AddSeconds(1);
        var end = from.Date.AddYears(YearsToSearch);
        for (var day = from.Date; day < end; day = day.AddDays(1))
        {
            if (Has(months, day.Month) && Has(days, day.Day) && Has(weekdays, (int)day.DayOfWeek)
                && FirstTime(day == from.Date ? from.TimeOfDay : TimeSpan.Zero) is { } time)
            {
                return new DateTimeOffset(day + time);
            }
        }

        return null;
    }

    private TimeSpan? FirstTime(TimeSpan from)
    {
        for (var hour = from.Hours; hour < 24; hour++)
        {
            for (var minute = 0; Has(hours, hour) && minute < 60; minute++)
            {
                for (var second = 0; Has(minutes, minute) && second < 60; second++)
                {
                    var time = new TimeSpan(hour, minute, second);
                    if (Has(seconds, second) && time >= from)
                    {
                        return time;
                    }
                }
            }
        }

        return null;
    }

    private static bool Has(ulong set, int value) => (set & (1UL << value)) != 0;
}
