using System.Text;

namespace AuthFunctions.Users;

/// <summary>The shipped list of common passwords (common-passwords.txt), of 8 characters and more, and plain variations of them.</summary>
public sealed class CommonPasswords
{
    private readonly Lazy<HashSet<string>> list = new(Load);

    /// <summary>
    /// True if the password is on the list, whatever its case, or is one on the list (or anything of up to four characters) repeated.
    /// </summary>
    public bool Contains(string password)
    {
        var lower = password.ToLowerInvariant();
        var unit = ShortestUnit(lower);
        return unit.Length <= 4 || list.Value.Contains(unit) || list.Value.Contains(lower) || IsSequence(lower);
    }

    /// <summary>The shortest text of which the whole is a repetition: "abc" of "abcabcabc".</summary>
    private static string ShortestUnit(string text)
    {
        for (var length = 1; length <= text.Length / 2; length++)
        {
            if (text.Length % length == 0 && text.AsSpan(length).SequenceEqual(text.AsSpan(0, text.Length - length)))
            {
                return text[..length];
            }
        }

        return text;
    }

    /// <summary>Counting up or down through letters or digits, with a wrap after 9: 123456789012345, abcdefghijklmnop.</summary>
    private static bool IsSequence(string text)
    {
        bool Steps(int by) => text.Zip(text.Skip(1)).All(pair =>
            pair.Second - pair.First == by
            || (char.IsAsciiDigit(pair.First) && char.IsAsciiDigit(pair.Second) && (pair.Second - pair.First + 10) % 10 == (by + 10) % 10));
        return Steps(1) || Steps(-1);
    }

    private static HashSet<string> Load()
    {
        using var stream = typeof(CommonPasswords).Assembly.GetManifestResourceStream("AuthFunctions.Users.common-passwords.txt")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var words = new HashSet<string>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            words.Add(line);
        }

        return words;
    }
}
