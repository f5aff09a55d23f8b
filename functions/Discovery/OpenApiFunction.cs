using AuthFunctions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Discovery;

/// <summary><c>GET /openapi.json</c>: what every endpoint takes and answers (OpenAPI 3.1).</summary>
public sealed class OpenApiFunction(OpenApiDocuments documents)
{
    [Function("OpenApi")]
    public Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "openapi.json")] HttpRequest request, CancellationToken ct) =>
        documents.Of(request.Site()).WriteAsync(request, ct);
}
