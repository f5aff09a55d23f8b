namespace AuthFunctions.Tests.Hostile;

/// <summary>One way of spoiling a valid request.</summary>
internal abstract class Attack
{
    /// <summary>All of them. Each falls on each operation.</summary>
    /// <param name="tokens">Of every kind, all genuine: of somebody who may have them.</param>
    public static IReadOnlyList<Attack> All(IReadOnlyList<string> tokens) =>
    [
        new FieldAttack(), new BodyAttack(), new CookieAttack(), new HeaderAttack(), new InjectionAttack(), new RedirectAttack(), new FetchAttack(),
        new TokenAttack(tokens), new PathAttack(), new MethodAttack(), new HostAttack(), new FramingAttack(),
    ];

    /// <summary>Spoils the request.</summary>
    public abstract void Spoil(Draft draft);

    /// <summary>Gives one parameter another value, of query or body, wherever there are any; else adds one to the query.</summary>
    protected static void Replace(Draft draft, Field value, Func<Field, bool>? which = null)
    {
        var found = new[] { draft.Query, draft.Fields }
            .SelectMany(list => list.Select((field, at) => (List: list, Field: field, At: at)))
            .Where(f => which?.Invoke(f.Field) ?? true).ToList();
        if (found.Count == 0)
        {
            draft.Query.Add(value);
            return;
        }

        var (list, field, at) = draft.Pick(found);
        list[at] = value with { Name = field.Name };
    }
}
