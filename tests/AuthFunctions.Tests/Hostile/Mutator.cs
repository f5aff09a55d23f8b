using System.Buffers.Text;
using System.Text;
using System.Text.RegularExpressions;

namespace AuthFunctions.Tests.Hostile;

/// <summary>Changes texts as fuzzers do: a character or a bit here, a piece there.</summary>
internal static class Mutator
{
    private static readonly string[] Pieces =
    [
        "", "=", "+", "/", "%", "%00", "\0", " ", "\t", "\r\n", ".", "..", ",", ";", ":", "\"", "\\", "'", "{", "}", "[", "]", "<", "&", "?", "#",
        "@", "-", "_", "~", "*", "A", "a", "0", "9", "é", "中", "\ud800", "\udc00", "\ufeff", "\uffff",
        "😀", "null", "true", "-1", "1e9", "\\u0000", "\\ud800", "eyJ", "sid_", "rt_", "code_", "http://", "//", "xn--",
    ];

    /// <summary>The text with one character of it another, from what such texts are made of.</summary>
    public static string Changed(string text, Random random)
    {
        if (text.Length == 0)
        {
            return "A";
        }

        var at = random.Next(text.Length);
        return text[..at] + (text[at] == 'A' ? 'B' : 'A') + text[(at + 1)..];
    }

    /// <summary>The bytes with one bit turned.</summary>
    public static byte[] Flipped(byte[] bytes, Random random)
    {
        var flipped = bytes.ToArray();
        flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
        return flipped;
    }

    /// <summary>One to four changes of any kind, beginning with one of these texts.</summary>
    public static string Mutated(IReadOnlyList<string> valid, Random random)
    {
        var text = valid[random.Next(valid.Count)];
        for (var changes = random.Next(1, 5); changes > 0; changes--)
        {
            var (at, to) = (random.Next(text.Length + 1), random.Next(text.Length + 1));
            (at, to) = at < to ? (at, to) : (to, at);
            text = random.Next(10) switch
            {
                0 => text[..at] + text[to..],
                1 => text[..to] + text[at..],
                2 => text[..at],
                3 => text + valid[random.Next(valid.Count)],
                4 => text[..at] + (char)random.Next(0x20, 0x7f) + text[Math.Min(at + 1, text.Length)..],
                5 => text[..at] + (char)random.Next(0, 0x10000) + text[at..],
                6 => text[..at] + string.Concat(Enumerable.Repeat(Pieces[random.Next(Pieces.Length)], random.Next(2, 200))) + text[to..],
                7 => text.ToUpperInvariant(),
                _ => text[..at] + Pieces[random.Next(Pieces.Length)] + text[at..],
            };
        }

        return text.Length <= 20_000 ? text : text[..20_000];
    }

    /// <summary>A token whose header or claims are changed as JSON, and encoded again.</summary>
    public static string Reshaped(string token, Random random)
    {
        var parts = token.Split('.');
        var part = random.Next(2);
        var json = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[part]));
        parts[part] = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(random.Next(2) == 0 ? Retyped(json, random) : Mutated([json], random)));
        return string.Join('.', parts);
    }

    /// <summary>JSON in which a member has a value of another type.</summary>
    private static string Retyped(string json, Random random)
    {
        string[] values = ["null", "true", "0", "-1", "1e300", "1.5", "99999999999999999999",
            "\"\"", "\"x\"", "\"\\ud800\"", "[]", "[1]", "[\"a\",\"b\"]", "{}", "{\"a\":null}"];
        var members = Regex.Matches(json, "(?<=\":)(\"[^\"]*\"|[0-9]+|\\[[^\\]]*\\])");
        var member = members[random.Next(members.Count)];
        return json[..member.Index] + values[random.Next(values.Length)] + json[(member.Index + member.Length)..];
    }

    /// <summary>A text of nothing in particular.</summary>
    public static string Random(Random random)
    {
        var text = new StringBuilder();
        for (var pieces = random.Next(40); pieces > 0; pieces--)
        {
            text.Append(random.Next(3) == 0 ? ((char)random.Next(0, 0x10000)).ToString() : Pieces[random.Next(Pieces.Length)]);
        }

        return text.ToString();
    }
}
