using AuthFunctions.Offline.Functions;

namespace AuthFunctions.Tests.Fixtures;

/// <summary>Looks into Azurite's queues as the local Functions host does.</summary>
internal static class QueueReading
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false });

    public static QueueReader Of(string queue) => new(QueueAccount.Read(Azurite.Queues.ConnectionString)!, queue, Http);
}
