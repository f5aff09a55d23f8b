using AuthFunctions.SigningKeys;
using AuthFunctions.Users;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Health;

/// <summary><c>GET /health/ready</c>: table and signing key can be reached. An outage is the middleware's 503.</summary>
public sealed class HealthReadyFunction(UserStore users, KeyRing keys)
{
    /// <summary>An id that no user has: what counts is that the table answers.</summary>
    private const string Nobody = "health";

    [Function("HealthReady")]
    public async Task RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/ready")] HttpRequest request, CancellationToken ct)
    {
        await Task.WhenAll(users.FindAsync(Nobody, ct), keys.KeysAsync(ct).AsTask());
        await HealthAnswer.WriteAsync(request.HttpContext, new HealthBody("ready"), ct);
    }
}
