using AuthFunctions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Discovery;

/// <summary><c>GET /.well-known/openid-configuration</c>: the issuer's metadata (OpenID Connect Discovery §4).</summary>
public sealed class OpenIdConfigurationFunction(DiscoveryDocuments documents)
{
    [Function("OpenIdConfiguration")]
    public Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ".well-known/openid-configuration")] HttpRequest request, CancellationToken ct) =>
        documents.Of(request.Site()).WriteAsync(request, ct);
}
