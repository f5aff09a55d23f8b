using AuthFunctions.Offline.Functions;

namespace Microsoft.Azure.Functions.Worker.Builder;

public static class FunctionsApplicationBuilderAspNetCoreExtensions
{
    /// <summary>Gives functions the live <c>HttpContext</c>. Middleware that needs it is registered after this call.</summary>
    public static FunctionsApplicationBuilder ConfigureFunctionsWebApplication(this FunctionsApplicationBuilder builder)
    {
        builder.Use(WebIntegration.Join);
        builder.IsWebApplication = true;
        return builder;
    }
}
