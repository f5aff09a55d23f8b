using System.Reflection;

namespace AuthFunctions.Offline.Functions;

/// <summary>The app to host: where its functions are looked for, the folder of its host.json, and its arguments.</summary>
internal sealed record LocalApp(Assembly Assembly, IReadOnlyList<Type> Types, string Directory, string[] Args)
{
    public string Name => Assembly.GetName().Name!;

    /// <summary>Whether this process is the app itself, and not a test runner that holds it.</summary>
    public bool OwnsProcess => Assembly == Assembly.GetEntryAssembly();
}
