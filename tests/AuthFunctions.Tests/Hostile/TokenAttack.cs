namespace AuthFunctions.Tests.Hostile;

/// <summary>Tokens and handles that are forged, changed, or genuine and not meant for this.</summary>
internal sealed class TokenAttack(IReadOnlyList<string> tokens) : Attack
{
    private static readonly string[] Places =
    [
        "token", "id_token_hint", "request", "client_assertion", "subject_token", "refresh_token",
        "code", "assertion", "access_token", "sealed", "logout_token",
    ];

    public override void Spoil(Draft draft)
    {
        var value = Value(draft);
        switch (draft.Random.Next(5))
        {
            case 0:
                draft.Set("Authorization", draft.Pick(["Bearer ", "DPoP ", "bearer ", "Basic "]) + value);
                break;

            case 1:
                draft.Set("DPoP", value);
                break;

            case 2 when draft.Cookies.Count > 0:
                var at = draft.Random.Next(draft.Cookies.Count);
                draft.Cookies[at] = draft.Cookies[at] with { Value = value };
                break;

            case 3:
                draft.Query.Add(new(draft.Pick(Places), value));
                break;

            default:
                Replace(draft, new(draft.Pick(Places), value), f => Places.Contains(f.Name, StringComparer.Ordinal));
                break;
        }
    }

    private string Value(Draft draft)
    {
        var genuine = draft.Pick(tokens);
        return draft.Random.Next(4) switch
        {
            0 => genuine,
            1 => Mutator.Changed(genuine, draft.Random),
            _ when genuine.Split('.').Length == 3 => Forgeries.Any(new(genuine), draft.Random),
            _ => genuine + genuine,
        };
    }
}
