using AuthFunctions.Protocol;
using AuthFunctions.Sessions;
using AuthFunctions.SignIn;
using FsCheck;
using FsCheck.Fluent;

namespace AuthFunctions.Tests.Properties;

/// <summary>Handles have one spelling each, and one character less or other makes them worth nothing.</summary>
public class HandleTests
{
    private static readonly Gen<string> Text = Gen.OneOf(
        Garbage.Handles.Select(System.Text.Encoding.Latin1.GetString), Garbage.Bytes.Select(System.Text.Encoding.UTF8.GetString));

    [Fact]
    public void Any_bytes_come_back_from_their_text() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Choose(0, 255).Select(i => (byte)i).NonEmptyListOf().Select(b => b.ToArray()).Where(b => b.Length <= 384).ToArbitrary(),
        bytes => Handle.TryRead("sid_", Handle.Write("sid_", bytes), out var read) && read.SequenceEqual(bytes)));

    [Fact]
    public void Any_text_that_is_read_is_the_one_spelling_of_its_bytes() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2000),
        Prop.ForAll(Text.ToArbitrary(), text => !Handle.TryRead("sid_", text, out var bytes) || Handle.Write("sid_", bytes) == text));

    [Theory]
    [InlineData("sid_AA==")]
    [InlineData("sid_AB")]
    [InlineData("sid_A A")]
    [InlineData("sid_AA\n")]
    [InlineData("sid_A+")]
    [InlineData("sid_A")]
    [InlineData("sid_")]
    [InlineData("SID_AA")]
    [InlineData("sid_AÄ")]
    public void Other_spellings_are_refused_and_nothing_is_thrown(string text)
    {
        Assert.True(Handle.TryRead("sid_", "sid_AA", out _));
        Assert.False(Handle.TryRead("sid_", text, out _));
    }

    [Fact]
    public void A_session_handle_comes_back_and_with_another_character_it_is_nobodys() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll(Changes(() => NewSession().Write(SessionHandle.Sid)).ToArbitrary(), change =>
        {
            var original = SessionHandle.Read(SessionHandle.Sid, change.Original)!;
            var changed = SessionHandle.Read(SessionHandle.Sid, change.Changed);
            return original.Write(SessionHandle.Sid) == change.Original
                && SessionHandle.Read(SessionHandle.Check, change.Original) is null
                && (changed is null || changed.UserId != original.UserId || changed.SessionId != original.SessionId
                    || !changed.Secret.Matches(original.Secret.Hash()));
        }));

    [Fact]
    public void A_refresh_handle_comes_back_and_with_another_character_it_is_not_genuine() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll(
            (from isChild in Gen.Elements(true, false)
             from generation in Gen.Choose(0, int.MaxValue)
             let row = NewRow(isChild)
             from change in Changes(() => RefreshHandle.Issue(row, generation, Secret.New()).Write())
             select (row, generation, change)).ToArbitrary(),
            issued =>
            {
                var (row, generation, change) = issued;
                var original = RefreshHandle.Read(change.Original)!;
                return original.Write() == change.Original && original.IsGenuine(row) && original.Generation == generation
                    && original.SessionId == row.Id && original.UserId == row.UserId
                    && !original.IsGenuine(row with { HandleKey = new byte[32] })
                    && RefreshHandle.Read(change.Changed)?.IsGenuine(row) is null or false;
            }));

    [Fact]
    public void A_link_handle_comes_back_and_with_another_character_it_is_another() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll(Changes(() => new LinkHandle(Id.New(), Secret.New()).Write()).ToArbitrary(), change =>
        {
            var original = LinkHandle.Read(change.Original)!;
            var changed = LinkHandle.Read(change.Changed);
            return original.Write() == change.Original
                && (changed is null || changed.RegistrationId != original.RegistrationId || !changed.Secret.Matches(original.Secret.Hash()));
        }));

    [Fact]
    public void A_session_id_has_one_spelling() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(1000),
        Prop.ForAll(Gen.OneOf(Changes(() => NewSession().SessionId.ToString()).Select(c => c.Changed), Text).ToArbitrary(), text =>
            !SessionId.TryParse(text, out var id) || (id.ToString() == text && SessionId.Parse(text) == id && id.Root.Root == id.Root)));

    [Fact]
    public void Derived_secrets_are_the_same_for_the_same_and_others_for_others() => Check.QuickThrowOnFailure(Prop.ForAll(
        Garbage.Bytes.Two().Select(t => (System.Text.Encoding.Latin1.GetString(t.Item1), System.Text.Encoding.Latin1.GetString(t.Item2))).ToArbitrary(),
        names =>
        {
            var ((one, other), seed) = (names, Secret.New());
            var derived = seed.Derive("purpose", one);
            return derived.Matches(seed.Derive("purpose", one).Hash())
                && !derived.Matches(seed.Hash())
                && !derived.Matches(seed.Derive("another purpose", one).Hash())
                && (one.TrimEnd('\0') == other.TrimEnd('\0') || !derived.Matches(seed.Derive("purpose", other).Hash()));
        }));

    /// <summary>A text and the same with one character of it changed, added or taken away.</summary>
    private static Gen<(string Original, string Changed)> Changes(Func<string> make) =>
        from seed in Gen.Choose(0, 1)
        let original = make()
        from at in Gen.Choose(0, original.Length - 1)
        from with in Gen.OneOf(
            Gen.Elements("", "=", "+", "/", " ", "\n", "é"), Gen.Elements([.. "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"]).Select(c => c.ToString()))
        from cut in Gen.Choose(0, 1)
        let changed = original[..at] + with + original[(at + cut)..]
        where changed != original && seed >= 0
        select (original, changed);

    private static SessionHandle NewSession() => new(Id.New(), Random(), Secret.New());

    private static SessionId Random() => SessionId.NewRoot() is var root && root.ToString()[0] is >= 'A' and <= 'Z' ? root : root.NewChild();

    private static SessionRow NewRow(bool isChild) => new()
    {
        UserId = Id.New(),
        Id = isChild ? SessionId.NewRoot().NewChild() : SessionId.NewRoot(),
        Site = "contoso",
        ClientId = "first-party",
        Scope = Scope.FirstParty,
        AuthTime = DateTimeOffset.UnixEpoch,
        Amr = ["pwd"],
        CreatedAt = DateTimeOffset.UnixEpoch,
        LastUsedAt = DateTimeOffset.UnixEpoch,
        IdleExpiresAt = DateTimeOffset.UnixEpoch,
        AbsoluteExpiresAt = DateTimeOffset.UnixEpoch,
        Epoch = 0,
        HandleKey = Secret.New().Hash(),
    };
}
