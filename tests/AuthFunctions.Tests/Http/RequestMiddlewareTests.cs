using AuthFunctions.Http;
using AuthFunctions.Sites;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging.Abstractions;

namespace AuthFunctions.Tests.Http;

/// <summary>Functions that misbehave, between the middleware and a response.</summary>
public class RequestMiddlewareTests(SharedService shared) : IClassFixture<SharedService>
{
    private readonly TestService service = shared.Service;

    [Fact]
    public async Task A_function_that_wrote_nothing_is_a_500_instead_of_an_empty_200()
    {
        var http = await RunAsync(_ => Task.CompletedTask);

        await IsMistakeAsync(http);
    }

    [Fact]
    public async Task A_function_that_could_not_read_a_file_is_our_mistake_and_not_the_caller_s() =>
        await IsMistakeAsync(await RunAsync(_ => throw new IOException("a bug")));

    [Theory]
    [InlineData(204)]
    [InlineData(303)]
    [InlineData(202)]
    public async Task A_function_that_set_a_status_has_answered(int status)
    {
        var http = await RunAsync(http =>
        {
            http.Response.StatusCode = status;
            return Task.CompletedTask;
        });

        Assert.Equal(status, http.Response.StatusCode);
        Assert.Equal("no-store", http.Response.Headers.CacheControl);
    }

    [Fact]
    public async Task An_answer_half_made_when_the_function_failed_leaves_no_cookie_behind()
    {
        var http = await RunAsync(http =>
        {
            http.Response.Cookies.Append("__Host-sid", "x");
            http.Response.Headers.Location = "/elsewhere";
            http.Response.Headers.CacheControl = "public";
            http.Response.StatusCode = 303;
            throw new InvalidOperationException("a bug");
        });

        await IsMistakeAsync(http);
        Assert.Equal(0, http.Response.Headers.SetCookie.Count);
        Assert.Equal(0, http.Response.Headers.Location.Count);
        Assert.Equal("no-store", http.Response.Headers.CacheControl);
        Assert.Equal("nosniff", http.Response.Headers.XContentTypeOptions);
        Assert.Equal("Origin", http.Response.Headers.Vary);
    }

    [Fact]
    public async Task An_answer_that_broke_off_is_cut_and_not_ended_as_if_it_were_whole()
    {
        var lifetime = new Lifetime();
        var http = await RunAsync(
            _ => throw new InvalidOperationException("a bug"),
            http =>
            {
                http.Features.Set<IHttpResponseFeature>(new Started());
                http.Features.Set<IHttpRequestLifetimeFeature>(lifetime);
            });

        Assert.Equal(200, http.Response.StatusCode);
        Assert.True(lifetime.Aborted);
    }

    private static async Task IsMistakeAsync(HttpContext http)
    {
        Assert.Equal(500, http.Response.StatusCode);
        Assert.Equal("application/problem+json", http.Response.ContentType);
        http.Response.Body.Position = 0;
        Assert.Contains("\"code\":\"internal_error\"", await new StreamReader(http.Response.Body).ReadToEndAsync(), StringComparison.Ordinal);
    }

    private async Task<HttpContext> RunAsync(Func<HttpContext, Task> function, Action<HttpContext>? prepare = null)
    {
        var http = new DefaultHttpContext { RequestServices = service.Services };
        http.Request.Host = new HostString("auth.contoso.localhost:7071");
        http.Request.Path = "/session";
        http.Response.Body = new MemoryStream();
        prepare?.Invoke(http);
        var middleware = new RequestMiddleware(service.Get<SiteDirectory>(), service.Get<CorsPolicy>(), NullLogger<RequestMiddleware>.Instance);
        await middleware.Invoke(new Invocation(http), _ => function(http));
        return http;
    }

    private sealed class Invocation(HttpContext http) : FunctionContext
    {
        public override string InvocationId => "1";

        public override string FunctionId => "1";

        public override TraceContext TraceContext => throw new NotSupportedException();

        public override BindingContext BindingContext => throw new NotSupportedException();

        public override RetryContext RetryContext => throw new NotSupportedException();

        public override IServiceProvider InstanceServices { get; set; } = http.RequestServices;

        public override FunctionDefinition FunctionDefinition { get; } = new Definition();

        public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object> { ["HttpRequestContext"] = http };

        public override IInvocationFeatures Features => throw new NotSupportedException();
    }

    private sealed class Definition : FunctionDefinition
    {
        public override System.Collections.Immutable.ImmutableArray<FunctionParameter> Parameters => [];

        public override string PathToAssembly => "";

        public override string EntryPoint => "";

        public override string Id => "1";

        public override string Name => "Misbehaving";

        public override System.Collections.Immutable.IImmutableDictionary<string, BindingMetadata> InputBindings =>
            System.Collections.Immutable.ImmutableDictionary<string, BindingMetadata>.Empty;

        public override System.Collections.Immutable.IImmutableDictionary<string, BindingMetadata> OutputBindings => InputBindings;
    }

    private sealed class Started : HttpResponseFeature
    {
        public override bool HasStarted => true;
    }

    private sealed class Lifetime : IHttpRequestLifetimeFeature
    {
        public bool Aborted { get; private set; }

        public CancellationToken RequestAborted { get; set; }

        public void Abort() => Aborted = true;
    }
}
