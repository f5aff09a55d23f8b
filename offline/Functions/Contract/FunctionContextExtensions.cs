using AuthFunctions.Offline.Functions;
using Microsoft.AspNetCore.Http;

namespace Microsoft.Azure.Functions.Worker;

public static class FunctionContextExtensions
{
    /// <summary>Null for a timer, and in middleware registered before <c>ConfigureFunctionsWebApplication</c>.</summary>
    public static HttpContext? GetHttpContext(this FunctionContext context) =>
        context.Items.TryGetValue(WebIntegration.HttpContextItem, out var item) ? item as HttpContext : null;
}
