using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Health;

/// <summary><c>GET /health</c>: the process answers. On any host, for the platform's probes.</summary>
public sealed class HealthFunction
{
    [Function("Health")]
    public Task RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequest request, CancellationToken ct) =>
        HealthAnswer.WriteAsync(request.HttpContext, new HealthBody("ok"), ct);
}
