namespace AuthFunctions.Tests.Hostile;

/// <summary>Line breaks and markup in everything that may come back in an answer (CWE-113, CWE-79; OWASP: HTTP response splitting).</summary>
internal sealed class InjectionAttack : Attack
{
    private const string Line = ReplyCheck.Mark + ":%201";

    private static readonly string[] Encoded =
    [
        "%0d%0a" + Line,
        "%0a" + Line,
        "%0d" + Line,
        "x%0d%0aSet-Cookie:%20" + ReplyCheck.Mark + "=1",
        "%0d%0a%0d%0a%3C" + ReplyCheck.Mark + "%3E",

        // Encoded twice, for who decodes twice.
        "%250d%250a" + Line,

        // U+560D and U+560A, whose low bytes are CR and LF; U+2028, U+0085, vertical tab and form feed.
        "%E5%98%8D%E5%98%8A" + Line,
        "%E2%80%A8" + Line,
        "%C2%85" + Line,
        "%0b%0c" + Line,
        "%00%0d%0a" + Line,

        // A continuation line, obsolete (RFC 9112 §5.2).
        "%0d%0a%20" + Line,

        // What HTML, attributes and scripts end with (OWASP XSS cheat sheet).
        "%3C" + ReplyCheck.Mark + "%3E",
        "%22%3E%3C" + ReplyCheck.Mark + "%20onload=1%3E",
        "'%3E%3C" + ReplyCheck.Mark + "%3E",
        "%3C/title%3E%3C" + ReplyCheck.Mark + "%3E",
        "%3C/script%3E%3C" + ReplyCheck.Mark + "%3E",
        "--%3E%3C" + ReplyCheck.Mark + "%3E",
        "%26lt;" + ReplyCheck.Mark + "%26gt;",
        "javascript:" + ReplyCheck.Mark,
    ];

    private static readonly string[] Reflected =
        ["state", "return_to", "login_hint", "ui_locales", "client_id", "user_code",
        "error", "error_description", "iss", "nonce", "to", "from", "token", "sealed", "id_token_hint", "scope"];

    public override void Spoil(Draft draft)
    {
        var value = draft.Pick(Encoded);
        switch (draft.Random.Next(5))
        {
            case 0:
                draft.Query.Add(new(draft.Pick(Reflected), value) { AsIs = true });
                break;

            case 1:
                draft.Path += "/" + value;
                break;

            case 2:
                draft.Set(draft.Pick(["Origin", "Referer", "User-Agent", "Accept-Language", "X-Forwarded-Host"]), Uri.UnescapeDataString(value));
                break;

            case 3:
                // After what is valid, so that a check of the beginning lets it pass.
                var start = draft.Query.Concat(draft.Fields).ToList();
                Replace(draft, new("state", (start.Count == 0 ? "" : Field.Escaped(draft.Pick(start).Text)) + value) { AsIs = true });
                break;

            default:
                Replace(draft, new("state", value) { AsIs = true });
                break;
        }
    }
}
