using System.Globalization;

namespace AuthFunctions.Offline.Functions;

/// <summary>One field of a cron expression, <c>*</c>, <c>a</c>, <c>a-b</c>, <c>/step</c>, lists, as a set of bits.</summary>
internal static class CronField
{
    public static ulong Parse(string text, string name, int least, int most)
    {
        var set = 0UL;
        foreach (var item in text.Split(','))
        {
            var (first, last, step) = Item(item) ?? throw new FormatException($"'{item}' is no {name}: {least} to {most}.");
            for (var value = first; value <= last; value += step)
            {
                set |= 1UL << value;
            }
        }

        return set;

        (int First, int Last, int Step)? Item(string item)
        {
            var parts = item.Split('/');
            var ends = parts[0].Split('-');
            var (first, last, step) = (least, most, 1);
            var read = parts.Length <= 2 && ends.Length <= 2
                && (parts.Length == 1 || (Number(parts[1], out step) && step > 0))
                && (parts[0] == "*" || (Number(ends[0], out first) && (ends.Length == 1 || Number(ends[1], out last))));

            // A lone number is itself, but with a step (5/10) it starts a range to the end.
            if (read && parts[0] != "*" && ends.Length == 1 && parts.Length == 1)
            {
                last = first;
            }

            return read && least <= first && first <= last && last <= most ? (first, last, step) : null;
        }

        static bool Number(string digits, out int value) =>
            int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }
}
