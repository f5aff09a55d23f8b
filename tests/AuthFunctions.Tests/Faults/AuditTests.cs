using AuthFunctions.Faults.Checking;
using static AuthFunctions.Tests.Faults.Histories;

namespace AuthFunctions.Tests.Faults;

/// <summary>What scripts/faults asks of the tables: each test spoils one row or one event.</summary>
public class AuditTests
{
    private static readonly Stored Whole = new(
        [new StoredUser(Ada, "hash", Epoch: 1, Blocked: false, SessionCount: 1)],
        [new StoredClaim("hash", Ada)],
        [new StoredSession(Ada, "living", Epoch: 1)],
        [
            Event("registered"), Event("session_started", S), Event("session_ended", S, "signed_out"), Event("all_sessions_ended"),
            Event("session_started", "living"),
        ]);

    private static readonly List<Entry> History =
    [
        .. Valid(),
        At(70, new Entry(Verb.SignOutEverywhere, Ada) { Session = "other" }),
        At(71, new Entry(Verb.SignIn, Ada) { Opened = "living" }),
    ];

    [Fact]
    public void A_whole_state_passes() => Assert.Empty(Check(Whole));

    [Fact]
    public void A_claim_without_its_user_is_half_made() =>
        Finds(Wrong.HalfMade, Whole with { Claims = [.. Whole.Claims, new StoredClaim("other", "nobody")] });

    [Fact]
    public void A_user_without_a_claim_is_half_made() => Finds(Wrong.HalfMade, Whole with { Claims = [] });

    [Fact]
    public void A_claim_for_a_user_with_another_address_is_half_made() =>
        Finds(Wrong.HalfMade, Whole with { Claims = [.. Whole.Claims, new StoredClaim("other", Ada)] });

    [Fact]
    public void A_history_without_a_user_is_half_made() =>
        Finds(Wrong.HalfMade, Whole with { Events = [.. Whole.Events, Event("registered") with { User = "nobody" }] });

    [Fact]
    public void A_user_who_never_registered_is_an_audit_mismatch() => Finds(Wrong.Audit, Without("registered"));

    [Fact]
    public void A_session_that_never_started_is_an_audit_mismatch() =>
        Finds(Wrong.Audit, Whole with { Events = [.. Whole.Events.Where(e => e.Session != "living")] });

    [Fact]
    public void A_session_that_is_gone_without_an_end_is_an_audit_mismatch() => Finds(Wrong.Audit, Without("session_ended"));

    [Fact]
    public void A_session_that_is_there_after_its_end_is_an_audit_mismatch() =>
        Assert.Contains(Check(Whole with { Sessions = [.. Whole.Sessions, new StoredSession(Ada, S, Epoch: 0)] }), f => f.Wrong == Wrong.Audit);

    [Fact]
    public void A_session_that_ended_twice_is_an_audit_mismatch() =>
        Finds(Wrong.Audit, Whole with { Events = [.. Whole.Events, Event("session_ended", S, "signed_out")] });

    [Fact]
    public void An_end_that_nobody_gave_cause_for_is_an_audit_mismatch() =>
        Finds(Wrong.Audit, With("session_ended", e => e with { Reason = "revoked" }));

    [Fact]
    public void An_epoch_without_its_event_is_an_audit_mismatch() =>
        Finds(Wrong.Audit, Whole with { Users = [Whole.Users[0] with { Epoch = 2 }], Sessions = [Whole.Sessions[0] with { Epoch = 2 }] });

    [Fact]
    public void A_block_without_its_event_is_an_audit_mismatch() =>
        Finds(Wrong.Audit, Whole with { Users = [Whole.Users[0] with { Blocked = true }] });

    [Fact]
    public void A_command_that_was_answered_and_left_no_event_is_an_audit_mismatch() =>
        Finds(Wrong.Audit, Whole, [.. History, At(80, new Entry(Verb.Unblock, Ada))]);

    [Fact]
    public void An_event_that_nobody_asked_for_is_an_audit_mismatch() =>
        Finds(Wrong.Audit, Whole with { Events = [.. Whole.Events, Event("unblocked")] });

    [Fact]
    public void A_session_that_its_client_holds_and_whose_row_is_dead_is_lost() =>
        Finds(Wrong.Lost, Whole with { Sessions = [Whole.Sessions[0] with { Epoch = 0 }] });

    [Fact]
    public void A_session_that_ended_for_its_client_and_whose_row_lives_is_undead() => Finds(Wrong.Undead, Whole, living: []);

    private static List<Finding> Check(Stored stored, List<Entry>? history = null, string[]? living = null) =>
        Audit.Check(stored, history ?? History, (living ?? ["living"]).ToHashSet());

    private static void Finds(Wrong wrong, Stored stored, List<Entry>? history = null, string[]? living = null) =>
        Assert.Equal(wrong, Assert.Single(Check(stored, history, living)).Wrong);

    private static Stored Without(string kind) => Whole with { Events = [.. Whole.Events.Where(e => e.Kind != kind)] };

    private static Stored With(string kind, Func<StoredEvent, StoredEvent> change) =>
        Whole with { Events = [.. Whole.Events.Select(e => e.Kind == kind ? change(e) : e)] };

    private static StoredEvent Event(string kind, string? session = null, string? reason = null) => new(Ada, kind, session, reason, "event_1");
}
