using System.Text.Json.Nodes;

namespace AuthFunctions.Tests.Hostile;

/// <summary>Parameters and fields of other values and types, too few, too many, twice.</summary>
internal sealed class FieldAttack : Attack
{
    private static readonly string[] Known =
        ["fresh", "token", "sealed", "prompt", "state", "client_id", "scope", "max_age",
         "claims", "ui_locales", "user_code", "email", "from", "to", "nonce_hash", "x"];

    public override void Spoil(Draft draft)
    {
        var parameters = draft.Query.Count > 0 && (draft.Fields.Count == 0 || draft.Random.Next(2) == 0) ? draft.Query : draft.Fields;
        switch (draft.Random.Next(8))
        {
            case 0 when parameters.Count > 0:
                parameters.RemoveAt(draft.Random.Next(parameters.Count));
                break;

            case 1 when parameters.Count > 0:
                parameters.Add(draft.Pick(parameters));
                break;

            case 2 when parameters.Count > 0:
                parameters.Add(draft.Pick(parameters) with { Value = draft.Pick(Texts.Odd) });
                break;

            case 3 when draft.AroundParameter is var (before, after):
                draft.Path = before + Field.Escaped(draft.Pick(Texts.Odd)) + after;
                break;

            case 4:
                draft.Query.Add(new(draft.Pick(Known), draft.Pick(Texts.Odd)));
                break;

            case 5:
                draft.Query.AddRange(Enumerable.Range(0, 1500).Select(i => new Field("a", i)));
                break;

            default:
                Replace(draft, new("x", Value(draft)) { AsIs = draft.Random.Next(4) == 0 });
                break;
        }
    }

    private static JsonNode? Value(Draft draft) => draft.Random.Next(9) switch
    {
        0 => 12345678901234567890m,
        1 => new JsonArray("x", 1, new JsonObject()),
        2 => new JsonObject { ["a"] = new JsonObject { ["b"] = null } },
        3 => null,
        4 => draft.Random.Next(2) == 0,
        _ => draft.Pick(Texts.Odd),
    };
}

/// <summary>Bodies of other kinds than asked for, broken, deep, long, in other encodings.</summary>
internal sealed class BodyAttack : Attack
{
    public override void Spoil(Draft draft)
    {
        switch (draft.Random.Next(5))
        {
            case 0:
                draft.Cut = draft.Pick(Texts.BadBytes);
                break;

            case 1:
                draft.ContentType = draft.Pick(Texts.ContentTypes);
                break;

            case 2:
                draft.ContentType = draft.Random.Next(2) == 0 ? draft.Pick(Texts.ContentTypes) : Draft.Json;
                draft.Literal = draft.Pick(Texts.Bodies)();
                break;

            case 3:
                draft.Set("Content-Encoding", draft.Pick(["gzip", "br", "deflate, gzip", "identity", "x"]));
                draft.Literal = draft.Random.Next(2) == 0 ? draft.Pick(Texts.Bodies)() : null;
                break;

            default:
                draft.Literal = draft.Pick(Texts.Bodies)();
                break;
        }
    }
}
