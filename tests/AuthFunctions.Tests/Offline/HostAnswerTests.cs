using System.Net;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AuthFunctions.Tests.Offline;

/// <summary>The local Functions host. What becomes of what a function does: middleware, answers, exceptions, clients that leave.</summary>
public sealed class HostAnswerTests : SampleHost
{
    [Fact]
    public async Task Middleware_runs_in_its_order_and_has_the_request_from_the_web_integration_on()
    {
        await using var app = await StartAsync([typeof(SampleRoutes)], builder =>
        {
            builder.Services.AddSingleton<List<string>>();
            builder.UseMiddleware<SampleFirst>();
            builder.ConfigureFunctionsWebApplication();
            builder.UseMiddleware<SampleSecond>();
        });

        using var response = await app.SendAsync("GET", "/items/7");

        Assert.Equal(
            ["first Item, request: False", "second Item, request: True", "second after", "first after"],
            app.Host.Services.GetRequiredService<List<string>>());
    }

    [Fact]
    public async Task Middleware_and_function_share_the_scope_of_the_request()
    {
        await using var app = await StartAsync([typeof(SampleScoped)], builder =>
        {
            builder.ConfigureFunctionsWebApplication();
            builder.UseMiddleware<SampleScopeReader>();
            builder.Services.AddScoped<SampleScope>();
        });

        var first = await app.Http.GetStringAsync(new Uri("/Scoped", UriKind.Relative));
        var second = await app.Http.GetStringAsync(new Uri("/Scoped", UriKind.Relative));

        var ids = first.Split(' ');
        Assert.Equal(ids[0], ids[1]);
        Assert.Equal(ids[0], ids[2]);
        Assert.NotEqual(first, second);
    }

    [Fact]
    public async Task A_function_that_writes_nothing_answers_200_with_an_empty_body()
    {
        await using var app = await StartAsync([typeof(SampleAnswers)]);

        using var response = await app.SendAsync("GET", "/Nothing");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/ResultOfTask")]
    [InlineData("/ResultOfValueTask")]
    [InlineData("/Result")]
    public async Task A_returned_result_is_executed(string path)
    {
        await using var app = await StartAsync([typeof(SampleAnswers)]);

        using var response = await app.SendAsync("GET", path);

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
    }

    [Fact]
    public async Task Other_returned_values_are_not_written()
    {
        await using var app = await StartAsync([typeof(SampleAnswers)]);

        Assert.Empty(await app.Http.GetStringAsync(new Uri("/Text", UriKind.Relative)));
    }

    [Fact]
    public async Task An_exception_before_the_first_byte_is_an_empty_500()
    {
        await using var app = await StartAsync([typeof(SampleAnswers)]);

        using var response = await app.SendAsync("GET", "/Throws");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.False(response.Headers.Contains("X-Sample"));
        Assert.Empty(await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_exception_after_the_first_byte_breaks_the_answer_off()
    {
        await using var app = await StartAsync([typeof(SampleBreakingOff)], builder =>
        {
            builder.ConfigureFunctionsWebApplication();
            builder.Services.AddSingleton<SampleSignals>();
        });

        using var response = await app.Http.GetAsync(
            new Uri("/BreakingOff", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        app.Host.Services.GetRequiredService<SampleSignals>().Started.SetResult();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/number/12", HttpStatusCode.OK, "12 True True")]
    [InlineData("/number/twelve", HttpStatusCode.InternalServerError, "")]
    public async Task Route_values_are_converted_and_HttpContext_parameters_are_null(
        string path, HttpStatusCode status, string answer)
    {
        await using var app = await StartAsync([typeof(SampleAnswers)], builder =>
        {
            builder.ConfigureFunctionsWebApplication();
            builder.Services.AddHttpContextAccessor();
        });

        using var response = await app.SendAsync("GET", path);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(answer, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_client_that_leaves_cancels_the_function()
    {
        await using var app = await StartAsync([typeof(SampleWaiting)], builder =>
        {
            builder.ConfigureFunctionsWebApplication();
            builder.Services.AddSingleton<SampleSignals>();
        });
        var signals = app.Host.Services.GetRequiredService<SampleSignals>();
        using var leaving = new CancellationTokenSource();

        var request = app.Http.GetAsync(new Uri("/Waiting", UriKind.Relative), leaving.Token);
        await signals.Started.Task.WaitAsync(Patience);
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await signals.Cancelled.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_component_is_rendered_with_the_services_of_the_request()
    {
        await using var app = await StartAsync([typeof(SamplePage)], builder =>
        {
            builder.ConfigureFunctionsWebApplication();
            builder.Services.AddRazorComponents();
            builder.Services.AddScoped<SampleScope>();
        });

        using var response = await app.SendAsync("GET", "/Page");

        var id = Assert.Single(response.Headers.GetValues("X-Scope"));
        Assert.Equal($"<p>{id} &lt;b&gt;</p>", await response.Content.ReadAsStringAsync());
    }
}
