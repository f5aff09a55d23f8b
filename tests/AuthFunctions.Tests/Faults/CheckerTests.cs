using AuthFunctions.Faults.Checking;
using static AuthFunctions.Tests.Faults.Histories;

namespace AuthFunctions.Tests.Faults;

/// <summary>The checker of scripts/faults: it passes what can happen, and finds each thing that must not.</summary>
public class CheckerTests
{
    [Fact]
    public void A_valid_history_passes() => Assert.Empty(Check(Valid()));

    [Fact]
    public void A_refused_refresh_of_a_living_session_is_a_lost_session() =>
        Finds(Wrong.Lost, Valid()[..2].Append(Refresh(40, 1, null, Outcome.Refused)));

    [Fact]
    public void A_living_session_that_looks_dead_is_a_lost_session() => Finds(Wrong.Lost, Valid()[..2].Append(Look(40, Outcome.Refused)));

    [Fact]
    public void A_repeat_within_the_leeway_that_is_taken_for_reuse_is_a_lost_session() =>
        Finds(Wrong.Lost, Valid()[..3].Append(Refresh(41, 1, null, Outcome.Refused)));

    [Fact]
    public void A_repeat_past_the_leeway_may_be_taken_for_reuse() =>
        Assert.Empty(Check(Valid()[..3].Append(Refresh(51, 1, null, Outcome.Refused))));

    [Fact]
    public void A_secret_with_two_successors_is_doubled()
    {
        var other = Refresh(42, 1, 2) with { Returned = Secret(2) with { Label = "another" } };
        Finds(Wrong.Doubled, Valid()[..4].Append(other));
    }

    [Theory]
    [InlineData(Verb.Redeem)]
    [InlineData(Verb.HandOff)]
    internal void A_code_or_token_that_makes_two_sessions_is_doubled(Verb verb)
    {
        Entry Used(double at, string session) => At(at, new Entry(verb, Ada) { Presented = new(0, "used"), Opened = session });
        Assert.Empty(Check([Used(1, "one"), Used(2, "one")]));
        Finds(Wrong.Doubled, [Used(1, "one"), Used(2, "two")]);
    }

    [Fact]
    public void A_refresh_after_a_sign_out_is_undead() => Finds(Wrong.Undead, Valid()[..8].Append(Refresh(61, 2, 3)));

    [Fact]
    public void A_look_after_a_sign_out_is_undead() => Finds(Wrong.Undead, Valid()[..8].Append(Look(61, Outcome.Done)));

    [Fact]
    public void A_session_that_was_refused_and_answers_again_is_undead() => Finds(Wrong.Undead, Valid().Append(Refresh(63, 2, 3)));

    [Theory]
    [InlineData(Verb.SignOutEverywhere)]
    [InlineData(Verb.EndByOperator)]
    [InlineData(Verb.Block)]
    internal void What_outlives_the_end_of_all_sessions_is_undead(Verb verb) =>
        Finds(Wrong.Undead, [.. Valid()[..7], At(50, new Entry(verb, Ada)), Refresh(61, 2, 3)]);

    [Fact]
    public void What_outlives_a_sign_in_in_its_place_is_undead() =>
        Finds(Wrong.Undead, [.. Valid()[..7], At(50, new Entry(Verb.SignIn, Ada) { Opened = "next", Replaced = S }), Refresh(61, 2, 3)]);

    [Fact]
    public void A_handoff_from_an_ended_session_is_undead() => Assert.Contains(
        Check([.. Valid(), At(63, new Entry(Verb.HandOff, Ada) { Session = S, Opened = S + ".child" })]), f => f.Wrong == Wrong.Undead);

    [Fact]
    public void A_child_ends_with_its_root()
    {
        List<Entry> history =
        [
            .. Valid()[..7], At(50, new Entry(Verb.HandOff, Ada) { Session = S, Opened = S + ".child" }), Leave(60),
            At(61, new Entry(Verb.Refresh, Ada) { Session = S + ".child" }),
        ];
        Finds(Wrong.Undead, history);
        Assert.Empty(Check([.. history[..^1], history[^1] with { Outcome = Outcome.Refused }]));
    }

    [Fact]
    public void A_sign_out_without_an_answer_may_have_happened_or_not()
    {
        List<Entry> unsure = [.. Valid()[..7], Leave(60, Outcome.Unknown)];
        Assert.Empty(Check([.. unsure, Refresh(61, 2, 3)]));
        Assert.Empty(Check([.. unsure, Refresh(61, 2, null, Outcome.Refused)]));
        Assert.Empty(Check([.. unsure, Refresh(61, 2, 3), Refresh(80, 3, null, Outcome.Refused)]));
        Finds(Wrong.Undead, [.. unsure, Refresh(61, 2, null, Outcome.Refused), Refresh(80, 2, 3)]);
    }

    [Fact]
    public void Tabs_that_race_may_be_answered_in_either_order()
    {
        List<Entry> racing = [Made(0), At(20, Refresh(20, 0, 1), lasts: 2), At(20.5, Refresh(20, 0, 1), lasts: 0.2), Refresh(23, 1, 1)];
        Assert.Empty(Check(racing));
        Finds(Wrong.Unexplained, [.. racing, Refresh(24, 1, 3)]);
    }

    [Fact]
    public void A_rotation_within_the_leeway_of_the_last_is_unexplained() => Finds(Wrong.Unexplained, Valid()[..4].Append(Refresh(44, 2, 3)));

    [Fact]
    public void The_used_up_secret_past_the_leeway_is_refused_and_ends_the_session()
    {
        Assert.Empty(Check([.. Valid()[..2], Refresh(40, 0, null, Outcome.Refused), Refresh(41, 1, null, Outcome.Refused)]));
        Finds(Wrong.Unexplained, [.. Valid()[..2], Refresh(40, 0, 1)]);
        Finds(Wrong.Undead, [.. Valid()[..2], Refresh(40, 0, null, Outcome.Refused), Refresh(41, 1, 2)]);
    }

    [Fact]
    public void What_is_known_to_live_at_the_start_must_live()
    {
        var known = At(-1000, new Entry(Verb.Known, Ada) { Session = S, Presented = Secret(7) }, lasts: 1000);
        Assert.Empty(Check([known, Refresh(1, 7, 8)]));
        Assert.Empty(Check([known, Refresh(1, 7, 7)]));
        Finds(Wrong.Lost, [known, Refresh(1, 7, null, Outcome.Refused)]);
    }

    [Fact]
    public void What_storage_took_back_may_be_undone_and_nothing_else()
    {
        var rollback = new Rollback(TimeSpan.FromSeconds(19), TimeSpan.FromSeconds(30));
        List<Entry> taken = [.. Valid()[..2], Refresh(40, 1, null, Outcome.Refused)];
        Assert.Empty(Check(taken, rollback));
        Finds(Wrong.Lost, taken, rollback with { Since = TimeSpan.FromSeconds(25) });
    }

    [Fact]
    public void A_request_that_is_repeated_until_it_is_answered_is_one()
    {
        List<Entry> tries = [.. Enumerable.Range(0, 100).Select(i => Refresh(40 + (0.2 * i), 1, null, Outcome.Unknown) with { Chain = 1 })];
        Assert.Empty(Check([.. Valid()[..2], .. tries[..40], Refresh(49, 1, 2) with { Chain = 1 }, Refresh(60, 2, 3)]));
        Assert.Empty(Check([.. Valid()[..2], .. tries, Refresh(62, 1, null, Outcome.Refused) with { Chain = 1 }]));
        Finds(Wrong.Lost, [.. Valid()[..2], Refresh(49, 1, null, Outcome.Refused) with { Chain = 1 }]);
    }

    [Fact]
    public void And_so_is_one_that_never_was_however_often_it_was_sent()
    {
        List<Entry> tries =
        [
            .. from chain in Enumerable.Range(1, 4)
               from i in Enumerable.Range(0, 20)
               select Refresh(40 + (5 * chain) + (0.1 * i), 1, null, Outcome.Unknown) with { Chain = chain },
        ];
        Assert.Empty(Check([.. Valid()[..2], .. tries, Refresh(110, 1, 2), Refresh(130, 2, 3)]));
        Assert.Empty(Check([.. Valid()[..2], .. tries, Refresh(110, 1, null, Outcome.Refused)]));
        Finds(Wrong.Undead, [.. Valid()[..2], .. tries, Refresh(110, 1, 2), Leave(130), Refresh(140, 2, 3)]);
    }

    [Fact]
    public void Ends_that_were_never_answered_do_not_multiply_the_orders()
    {
        List<Entry> ends =
        [
            .. from i in Enumerable.Range(0, 30)
               from verb in new[] { Verb.SignOut, Verb.SignOutEverywhere, Verb.Block, Verb.Revoke }
               select At(50 + (0.1 * i), new Entry(verb, Ada) { Session = S, Outcome = Outcome.Unknown, Chain = 1 }),
        ];
        Assert.Empty(Check([.. Valid()[..7], .. ends, Refresh(61, 2, 3), Refresh(80, 3, 4)]));
        Assert.Empty(Check([.. Valid()[..7], .. ends, Refresh(61, 2, 3), Refresh(80, 3, null, Outcome.Refused)]));
        Finds(Wrong.Undead, [.. Valid()[..7], .. ends, Refresh(61, 2, null, Outcome.Refused), Refresh(80, 3, 4)]);
        Finds(Wrong.Lost, [.. Valid()[..7], .. ends, Refresh(90, 2, 3), Refresh(101, 3, null, Outcome.Refused)]);
    }

    [Fact]
    public void A_request_without_an_answer_rotates_once_and_does_not_take_itself_for_a_thief()
    {
        var once = Refresh(40, 1, null, Outcome.Unknown);
        Assert.Empty(Check([.. Valid()[..2], once, Refresh(45, 1, 2), Refresh(60, 2, 3)]));
        Assert.Empty(Check([.. Valid()[..2], once, Refresh(60, 1, null, Outcome.Refused)]));
        Finds(Wrong.Lost, [.. Valid()[..2], once, Refresh(45, 1, null, Outcome.Refused)]);
        Finds(Wrong.Lost, [.. Valid()[..2], once, Refresh(45, 1, 2), Refresh(50, 2, null, Outcome.Refused)]);
    }

    [Fact]
    public void A_history_with_too_many_orders_is_not_decided()
    {
        List<Entry> crowd = [Made(0), .. Enumerable.Range(0, 40).Select(i => At(20, Refresh(20, 0, 1), lasts: 5 + (0.01 * i)))];
        Assert.Empty(Check(crowd));
        Finds(Wrong.Undecided, [.. crowd, Refresh(26, 1, 9)]);
    }

    [Fact]
    public void A_sign_out_that_storage_took_back_may_be_undone()
    {
        var rollback = new Rollback(TimeSpan.FromSeconds(45), TimeSpan.FromSeconds(70));
        List<Entry> revived = [.. Valid()[..8], Look(80, Outcome.Done), Refresh(81, 2, null, Outcome.Refused)];
        Finds(Wrong.Undead, revived);
        Finds(Wrong.Lost, revived, rollback);
        Assert.Empty(Check([.. Valid()[..8], Look(80, Outcome.Done), Refresh(81, 2, 3)], rollback));
        Assert.Empty(Check([.. Valid()[..8], Look(80, Outcome.Done), Refresh(81, 3, null, Outcome.Refused)], rollback));
    }

    private static void Finds(Wrong wrong, IEnumerable<Entry> history, Rollback? rollback = null) =>
        Assert.Equal(wrong, Assert.Single(Check(history, rollback)).Wrong);
}
