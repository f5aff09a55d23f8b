namespace AuthFunctions.Offline.Functions;

/// <summary>Functions that are right by themselves and wrong together.</summary>
internal static class FunctionConflicts
{
    public static IEnumerable<string> In(IReadOnlyList<LoadedFunction> functions) =>
        [.. SameNames(functions), .. SameRoutes(functions), .. LoneRoots(functions)];

    private static IEnumerable<string> SameNames(IReadOnlyList<LoadedFunction> functions) => functions
        .GroupBy(function => function.Name, StringComparer.OrdinalIgnoreCase)
        .Where(group => group.Count() > 1)
        .Select(group => $"{group.Key}: several functions have this name: "
            + string.Join(", ", group.Select(function => function.Definition.EntryPoint)) + ".");

    private static IEnumerable<string> SameRoutes(IReadOnlyList<LoadedFunction> functions) =>
        from first in functions
        from second in functions
        where string.CompareOrdinal(first.Name, second.Name) < 0
        let one = first.Trigger as Trigger.Http
        let two = second.Trigger as Trigger.Http
        where one is not null && two is not null
            && string.Equals(one.Pattern, two.Pattern, StringComparison.OrdinalIgnoreCase)
            && (one.Methods.Intersect(two.Methods, StringComparer.Ordinal).Any() || one.Methods.Count + two.Methods.Count == 0)
        select $"{first.Name}, {second.Name}: both answer the same method of '/{one.Pattern}'.";

    // Seen with the real worker: such a request waits 15 s, then gets 500.
    private static IEnumerable<string> LoneRoots(IReadOnlyList<LoadedFunction> functions) =>
        functions.Any(function => function.Trigger is Trigger.Http { IsCatchAll: true })
            ? []
            : functions.Where(function => function.Trigger is Trigger.Http { Pattern: "" })
                .Select(function => $"{function.Name}: the root is only answered beside a catch-all function.");
}
