using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace AuthFunctions.Offline.Functions;

/// <summary><c>--port N</c>, as for <c>func start</c>: 0 to 65535, 7071 by default; 0 takes any free port.</summary>
internal static class ListenPort
{
    private const int Default = 7071;

    /// <summary>False if the argument is no port; a variable PORT of the environment says nothing here.</summary>
    public static bool TryRead(string[] args, out int port, out string fault)
    {
        var text = new ConfigurationBuilder().AddCommandLine(args).Build()["port"];
        port = Default;
        fault = $"--port must be 0 to 65535, but is '{text}'.";
        return text is null
            || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= ushort.MaxValue);
    }
}
