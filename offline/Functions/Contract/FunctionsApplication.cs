using System.Reflection;
using System.Runtime.CompilerServices;
using AuthFunctions.Offline.Functions;

namespace Microsoft.Azure.Functions.Worker.Builder;

public class FunctionsApplication
{
    /// <summary>Starts an app whose functions are those of the calling assembly.</summary>
    /// <remarks>The caller and not the process's entry assembly, which under a test runner is the runner.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static FunctionsApplicationBuilder CreateBuilder(string[] args)
    {
        var app = Assembly.GetCallingAssembly();
        return new FunctionsApplicationBuilder(new LocalApp(app, app.GetTypes(), AppContext.BaseDirectory, args));
    }
}
