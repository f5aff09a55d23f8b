using AuthFunctions.SigningKeys;
using FsCheck;
using FsCheck.Fluent;

namespace AuthFunctions.Tests.SigningKeys;

/// <summary>Keys are written as their age in hours; "48-3" is 48 hours old and was pulled 3 hours ago. Keys are announced a day ahead.</summary>
public class KeyScheduleTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("0", "Signing")]
    [InlineData("0 0", "Signing Announced")]
    [InlineData("900 800", "Signing Announced")]
    [InlineData("900 800 0", "Retiring Signing Announced")]
    [InlineData("900 23 0", "Signing Announced Announced")]
    [InlineData("900 24 0", "Retiring Signing Announced")]
    [InlineData("900 800 1", "Retiring Signing Announced")]
    [InlineData("900 800 2", "Retired Signing Announced")]
    [InlineData("900 800 700 600", "Retired Retired Signing Announced")]
    [InlineData("900 25 23 22", "Retiring Signing Announced Announced")]
    public void A_key_signs_once_it_was_announced_and_a_newer_one_stands_by(string keys, string states) => Assert.Equal(states, States(keys));

    [Theory]
    [InlineData("900-1 800", "Pulled Signing")]
    [InlineData("900-1 800 0", "Pulled Signing Announced")]
    [InlineData("900 800-1 700", "Retiring Pulled Signing")]
    [InlineData("900 800-3 700 2", "Retired Pulled Signing Announced")]
    [InlineData("900-2 800-1 1", "Pulled Pulled Signing")]
    public void When_the_signing_key_is_pulled_the_standby_signs_and_no_key_of_the_past(string keys, string states) => Assert.Equal(states, States(keys));

    [Theory]
    [InlineData("900 800-1", "Signing Pulled")]
    [InlineData("900 800-1 1", "Signing Pulled Announced")]
    [InlineData("900 800-100 90", "Signing Pulled Announced")]
    [InlineData("900 800-100 90 0", "Retiring Pulled Signing Announced")]
    [InlineData("900 800 700-1", "Retired Signing Pulled")]
    [InlineData("900 800 700-1 1", "Retired Signing Pulled Announced")]
    public void When_the_standby_is_pulled_the_next_still_waits_until_it_was_announced(string keys, string states) =>
        Assert.Equal(states, States(keys));

    [Fact]
    public void Without_any_key_nothing_signs()
    {
        Assert.Empty(KeySchedule.Decide<DateTimeOffset>([], k => k, _ => null, Now, TimeSpan.FromDays(1)));
        Assert.Equal("Pulled Pulled", States("900-1 800-1"));
    }

    /// <summary>
    /// Months of half hours in which keys are made and pulled at random: always one signs; unless the one before it was pulled it was published
    /// a day before; and what signed in the last hour is published, unless it was pulled.
    /// </summary>
    [Fact]
    public void Whatever_operators_do_verifiers_know_the_key_that_signs_and_those_that_signed_lately()
    {
        var histories = Gen.Elements("make", "pull signing", "pull standby", "wait", "wait long").ArrayOf(30).ToArbitrary();
        Check.QuickThrowOnFailure(Prop.ForAll(histories, history =>
        {
            var keys = new List<(DateTimeOffset Made, DateTimeOffset? Pulled)> { (Now, null), (Now, null) };
            var (publishedSince, signedLast) = (new Dictionary<int, DateTimeOffset>(), new Dictionary<int, DateTimeOffset>());
            var (now, before) = (Now, 0);
            foreach (var action in history.SelectMany(a => a == "wait long" ? Enumerable.Repeat("wait", 60) : [a]))
            {
                var standby = keys.FindLastIndex(k => k.Pulled is null);
                if (action.StartsWith("pull", StringComparison.Ordinal))
                {
                    var pulled = action == "pull signing" ? before : standby;
                    keys[pulled] = (keys[pulled].Made, now);
                }

                if (action != "wait")
                {
                    keys.Add((now, null));
                }

                var states = Decide(keys, now).Select(s => s.State).ToList();
                var signing = Assert.Single(Enumerable.Range(0, states.Count), i => states[i] == KeyState.Signing);
                for (var i = 0; i < states.Count; i++)
                {
                    var isPublished = states[i] is KeyState.Announced or KeyState.Signing or KeyState.Retiring;
                    publishedSince[i] = isPublished ? Earlier(publishedSince.GetValueOrDefault(i, now), now) : DateTimeOffset.MaxValue;

                    Assert.True(isPublished || states[i] == KeyState.Pulled || !(now - signedLast.GetValueOrDefault(i) < TimeSpan.FromHours(1)));
                }

                if (signing != before && states[before] != KeyState.Pulled)
                {
                    Assert.InRange(now - publishedSince[signing], TimeSpan.FromDays(1), TimeSpan.MaxValue);
                }

                (before, signedLast[signing]) = (signing, now);
                now += TimeSpan.FromMinutes(30);
            }
        }));
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static IReadOnlyList<((DateTimeOffset Made, DateTimeOffset? Pulled) Key, KeyState State)> Decide(
        IEnumerable<(DateTimeOffset Made, DateTimeOffset? Pulled)> keys, DateTimeOffset now) =>
        KeySchedule.Decide(keys, k => k.Made, k => k.Pulled, now, TimeSpan.FromDays(1));

    private static string States(string keys)
    {
        var parsed = keys.Split(' ').Select(text => text.Split('-').Select(hours => Now.AddHours(-int.Parse(hours, null))).ToArray())
            .Select(times => (times[0], times.Length > 1 ? times[1] : (DateTimeOffset?)null));
        return string.Join(' ', Decide(parsed, Now).Select(s => s.State));
    }
}
