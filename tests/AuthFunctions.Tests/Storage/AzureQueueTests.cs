using System.Net;
using AuthFunctions.Protocol;
using AuthFunctions.Storage;
using AuthFunctions.Tests.Fixtures;
using Azure;
using Azure.Core.Pipeline;
using Azure.Storage.Queues;

namespace AuthFunctions.Tests.Storage;

/// <summary>What <see cref="AzureQueue"/> sends to Azurite, and what it makes of a service that cannot serve.</summary>
public sealed class AzureQueueTests
{
    private const string Missing = """<?xml version="1.0" encoding="utf-8"?><Error><Code>QueueNotFound</Code><Message>No.</Message></Error>""";

    [Fact]
    public async Task The_first_message_makes_the_queue_and_all_arrive_as_they_were_sent()
    {
        var name = "q" + Guid.NewGuid().ToString("N")[..12];
        var queue = new AzureQueue(new QueueClient(Azurite.Queues.ConnectionString, name, Options()));

        await queue.SendAsync("Users/a/1", default);
        await queue.SendAsync("<&> \u00fc", default);

        var reader = QueueReading.Of(name);
        Assert.Equal(["Users/a/1", "<&> \u00fc"], (await reader.TakeAsync(default)).Select(m => m.Text));
    }

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_service_that_cannot_serve_is_an_outage_of_the_queue(int status) =>
        Assert.Equal("queue outbox", (await OutageAsync(_ => new HttpResponseMessage((HttpStatusCode)status))).Part);

    [Fact]
    public async Task A_service_that_cannot_be_reached_or_takes_too_long_is_an_outage()
    {
        await OutageAsync(_ => throw new HttpRequestException("connection refused"));
        await OutageAsync(_ => throw new TaskCanceledException("timed out"));
    }

    [Fact]
    public async Task A_queue_that_is_still_missing_after_it_was_made_is_an_outage() => await OutageAsync(request => request.Method == HttpMethod.Put
        ? new HttpResponseMessage(HttpStatusCode.Created)
        : new HttpResponseMessage(HttpStatusCode.NotFound) { Content = new StringContent(Missing) });

    [Fact]
    public async Task A_missing_right_is_no_outage()
    {
        var queue = Queue(_ => new HttpResponseMessage(HttpStatusCode.Forbidden)
        {
            Content = new StringContent("<Error><Code>AuthorizationFailure</Code><Message>No.</Message></Error>"),
        });

        var refusal = await Assert.ThrowsAsync<RequestFailedException>(() => queue.SendAsync("m", default));

        Assert.Equal((403, "AuthorizationFailure"), (refusal.Status, refusal.ErrorCode));
    }

    private static Task<OutageException> OutageAsync(Func<HttpRequestMessage, HttpResponseMessage> answer) =>
        Assert.ThrowsAsync<OutageException>(() => Queue(answer).SendAsync("m", default));

    private static AzureQueue Queue(Func<HttpRequestMessage, HttpResponseMessage> answer)
    {
        var options = Options();
        options.Retry.MaxRetries = 0;
        options.Transport = new HttpClientTransport(new HttpClient(new Scripted(answer)));
        return new AzureQueue(new QueueClient("AccountName=a;AccountKey=AAAA;QueueEndpoint=http://127.0.0.1:1/a", "outbox", options));
    }

    private static QueueClientOptions Options() =>
        new(QueueClientOptions.ServiceVersion.V2020_12_06) { MessageEncoding = QueueMessageEncoding.Base64 };

    private sealed class Scripted(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) => answer(request);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(answer(request));
    }
}
