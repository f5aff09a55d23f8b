namespace AuthFunctions.Offline.Functions;

/// <summary>First segments of paths that never reach a function.</summary>
internal static class ReservedPaths
{
    public const string Admin = "admin";

    public const string Runtime = "runtime";

    public static readonly IReadOnlyList<string> All = [Admin, Runtime];
}
