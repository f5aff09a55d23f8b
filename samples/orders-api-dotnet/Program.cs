using System.Security.Claims;
using OrdersApi;

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.UseUrls($"http://127.0.0.1:{builder.Configuration["port"] ?? "5180"}");

var api = new ProtectedResourceMetadata
{
    Resource = "https://orders.example",
    AuthorizationServers = builder.Configuration.GetSection("issuers").Get<string[]>()
        ?? ["http://auth.contoso.localhost:7071", "http://auth.fabrikam.localhost:7071"],
    ScopesSupported = ["orders.read", "orders.write"],
    ResourceDocumentation = "https://orders.example/docs",
};
builder.Services.AddAccessTokens(api);
builder.Services.AddAuthorization();
builder.Services.AddSingleton<OrderBook>();

var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();
app.MapProtectedResourceMetadata(api);

app.MapGet("/orders", (OrderBook orders, ClaimsPrincipal caller) => orders.Of(Owner(caller))).RequireScope("orders.read");
app.MapPost("/orders", (OrderBook orders, ClaimsPrincipal caller, NewOrder order) =>
    TypedResults.Json(orders.Add(Owner(caller), order), statusCode: StatusCodes.Status201Created)).RequireScope("orders.write");

await app.RunAsync();

// A subject is told apart by its issuer's word alone (RFC 9068 §2.2): two of them may use one name for two people.
static (string Issuer, string Subject) Owner(ClaimsPrincipal caller) => (caller.FindFirstValue("iss")!, caller.FindFirstValue("sub")!);
