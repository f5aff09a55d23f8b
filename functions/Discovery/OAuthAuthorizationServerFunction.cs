using AuthFunctions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Discovery;

/// <summary><c>GET /.well-known/oauth-authorization-server</c>: the issuer's metadata (RFC 8414 §3).</summary>
public sealed class OAuthAuthorizationServerFunction(DiscoveryDocuments documents)
{
    [Function("OAuthAuthorizationServer")]
    public Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ".well-known/oauth-authorization-server")] HttpRequest request,
        CancellationToken ct) =>
        documents.Of(request.Site()).WriteAsync(request, ct);
}
