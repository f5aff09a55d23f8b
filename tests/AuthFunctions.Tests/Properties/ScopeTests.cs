using AuthFunctions.Protocol;
using FsCheck;
using FsCheck.Fluent;

namespace AuthFunctions.Tests.Properties;

public class ScopeTests
{
    private static readonly Gen<string> Token = Gen.Elements([.. Enumerable.Range(0x21, 0x5E).Select(c => (char)c).Where(c => c is not ('"' or '\\'))])
        .NonEmptyListOf().Select(c => string.Concat(c));

    [Fact]
    public void Values_come_back_from_their_text_each_once() => Check.QuickThrowOnFailure(Prop.ForAll(
        Token.ListOf().ToArbitrary(),
        values => Scope.TryParse(string.Join(' ', values), out var scope)
            && scope.Values.SequenceEqual(values.Distinct(StringComparer.Ordinal))
            && Scope.Parse(scope.ToString()).Equals(scope)
            && Scope.Of(values.AsEnumerable().Reverse()).Equals(scope)
            && Scope.Of(values.AsEnumerable().Reverse()).GetHashCode() == scope.GetHashCode()
            && scope.IsWithin(scope) && Scope.None.IsWithin(scope)));

    [Fact]
    public void Any_other_text_is_refused_and_nothing_is_thrown() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(1000),
        Prop.ForAll(Garbage.Bytes.Select(System.Text.Encoding.UTF8.GetString).ToArbitrary(), text =>
        {
            // RFC 6749 §3.3, in other words than the product's.
            var isScope = System.Text.RegularExpressions.Regex.IsMatch(text, @"\A([!#-\[\]-~]+( [!#-\[\]-~]+)*)?\z");
            return Scope.TryParse(text, out _) == isScope;
        }));
}
