using System.Text;
using AuthFunctions.Users;
using FsCheck;
using FsCheck.Fluent;

namespace AuthFunctions.Tests.Properties;

public class EmailAddressTests
{
    private static readonly Gen<string> Part = Gen.Elements([.. "abzABZ019.-_+'éÅßİıﬁ中😀\uD800\uFFFE\uFFFF\u0301\u200B \t\0<>\"(),;:@"]).ListOf().Select(c => string.Concat(c));

    private static readonly Gen<string> Text = Gen.OneOf(
        from local in Part
        from domain in Part
        select $"{local}@{domain}",
        from plain in Gen.Elements("ada", "a.b+c", "Å.é", "\uFFFE", "\uD800", "a\uFFFEb")
        from domain in Gen.Elements("contoso.test", "xn--bcher-kva.test", "bücher.test", "[127.0.0.1]", "a\uFFFEb.test", "localhost", "[1:2::3]")
        select $"{plain}@{domain}",
        Garbage.Bytes.Select(Encoding.UTF8.GetString));

    [Fact]
    public void Any_text_is_an_address_or_refused_and_nothing_is_thrown() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(3000),
        Prop.ForAll(Text.ToArbitrary(), text =>
            !EmailAddress.TryParse(text, out var address)
            || (address.Typed == text.Trim()
                && address.Typed.Length <= 254
                && address.Typed.Contains('@', StringComparison.Ordinal)
                && !address.Typed.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))
                && address.Hash.Length == 43
                && !address.ToString().Contains('@', StringComparison.Ordinal)
                && EmailAddress.TryParse(address.Typed, out var again) && again.Hash == address.Hash)));

    [Fact]
    public void Case_composition_and_space_around_make_no_other_address() => Check.QuickThrowOnFailure(Prop.ForAll(
        (from local in Gen.Elements([.. "abzABZ019éÅñ"]).NonEmptyListOf().Select(c => string.Concat(c))
         where local.Length <= 60
         from other in Gen.Elements<Func<string, string>>(
            t => t.ToUpperInvariant(), t => t.ToLowerInvariant(), t => t.Normalize(NormalizationForm.FormD), t => $" {t}\t", t => t)
         select (Text: $"{local}@Contoso.test", Other: other($"{local}@Contoso.test"))).ToArbitrary(),
        pair => EmailAddress.TryParse(pair.Text, out var one) && EmailAddress.TryParse(pair.Other, out var other) && one.Hash == other.Hash));

    [Fact]
    public void Another_letter_makes_another_address() => Check.QuickThrowOnFailure(Prop.ForAll(
        (from local in Gen.Elements([.. "abcxyz019"]).NonEmptyListOf().Select(c => string.Concat(c))
         from other in Gen.Elements([.. "abcxyz019"]).NonEmptyListOf().Select(c => string.Concat(c))
         where local != other && local.Length <= 60 && other.Length <= 60
         select (local, other)).ToArbitrary(),
        pair => EmailAddress.TryParse(pair.local + "@c.test", out var one) && EmailAddress.TryParse(pair.other + "@c.test", out var two)
            && one.Hash != two.Hash));
}
