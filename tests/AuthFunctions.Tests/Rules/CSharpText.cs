namespace AuthFunctions.Tests.Rules;

/// <summary>
/// C# source in which what is no code is blanked out, place for place, so that rules look at code alone and lines keep their numbers.
/// Knows comments, characters, and strings of every kind; code in the holes of interpolated strings stays.
/// </summary>
internal sealed class CSharpText
{
    private readonly string text;
    private readonly char[] result;
    private readonly bool blankStrings;
    private int at;

    private CSharpText(string text, bool blankStrings)
    {
        this.text = text;
        this.blankStrings = blankStrings;
        result = text.ToCharArray();
        while (at < text.Length)
        {
            ReadCode();
            at++;
        }
    }

    /// <summary>The source without its comments.</summary>
    public static string WithoutComments(string text) => new(new CSharpText(text, blankStrings: false).result);

    /// <summary>The source without its comments and what its strings say; the quotation marks stay.</summary>
    public static string CodeOnly(string text) => new(new CSharpText(text, blankStrings: true).result);

    /// <summary>Reads to the end, or in a hole to the brace that closes it.</summary>
    private void ReadCode()
    {
        for (var depth = 0; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '/' when Next(1) == '/':
                    Blank(text.IndexOf('\n', at), always: true);
                    break;
                case '/' when Next(1) == '*':
                    var end = text.IndexOf("*/", at + 2, StringComparison.Ordinal);
                    Blank(end < 0 ? end : end + 2, always: true);
                    break;
                case '\'':
                    at += Next(1) == '\\' ? 2 : 1;
                    Blank(text.IndexOf('\'', at + 1), always: false);
                    at++;
                    break;
                case '$' or '@' or '"' when StringHere() is var (dollars, isVerbatim, quotes) && quotes > 0:
                    ReadString(dollars, isVerbatim, quotes);
                    break;
                case '{':
                    depth++;
                    break;
                case '}' when depth-- == 0:
                    return;
            }
        }
    }

    private (int Dollars, bool IsVerbatim, int Quotes) StringHere()
    {
        var start = at;
        while (start < text.Length && text[start] is '$' or '@')
        {
            start++;
        }

        var prefix = text[at..start];
        var quotes = text.AsSpan(start).IndexOfAnyExcept('"') is var count && count >= 0 ? count : text.Length - start;
        return (prefix.Count(c => c == '$'), prefix.Contains('@', StringComparison.Ordinal), quotes);
    }

    /// <summary>Reads a string and leaves the position on its last quotation mark.</summary>
    private void ReadString(int dollars, bool isVerbatim, int quotes)
    {
        at = text.IndexOf('"', at);
        var isRaw = !isVerbatim && quotes >= 3;
        at += isRaw ? quotes : 1;
        while (at < text.Length)
        {
            if (isRaw ? text.AsSpan(at).StartsWith(new string('"', quotes)) : text[at] == '"' && !(isVerbatim && Next(1) == '"'))
            {
                at += isRaw ? quotes - 1 : 0;
                return;
            }

            var braces = dollars == 0 ? 0 : text.AsSpan(at).IndexOfAnyExcept('{');
            if (isRaw ? braces >= dollars && braces > 0 : braces % 2 == 1)
            {
                at += braces;
                ReadCode();
                at += isRaw ? dollars : 1;
                continue;
            }

            // An escape, a doubled quotation mark or doubled braces are one piece.
            var length = braces > 0 ? braces : !isRaw && (isVerbatim ? text[at] == '"' : text[at] == '\\') ? 2 : 1;
            Blank(at + length, always: false);
            at++;
        }
    }

    /// <summary>Blanks up to there and leaves the position on the last character blanked.</summary>
    private void Blank(int end, bool always)
    {
        end = end < 0 || end > text.Length ? text.Length : end;
        for (; at < end; at++)
        {
            if ((always || blankStrings) && text[at] is not ('\r' or '\n'))
            {
                result[at] = ' ';
            }
        }

        at--;
    }

    private char Next(int ahead) => at + ahead < text.Length ? text[at + ahead] : '\0';
}
