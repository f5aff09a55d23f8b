using AuthFunctions.SigningKeys;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Discovery;

/// <summary><c>GET /.well-known/jwks.json</c>: the public signing keys (RFC 7517 §5), cacheable by anyone.</summary>
public sealed class JwksFunction(KeyRing keys, JwksDocument document)
{
    [Function("Jwks")]
    public async Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ".well-known/jwks.json")] HttpRequest request, CancellationToken ct) =>
        await document.Of(await keys.KeysAsync(ct)).WriteAsync(request, ct);
}
