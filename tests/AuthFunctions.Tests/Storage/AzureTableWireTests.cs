using System.Net;
using AuthFunctions.Protocol;
using AuthFunctions.Storage;
using AuthFunctions.Tests.Fixtures;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;

namespace AuthFunctions.Tests.Storage;

/// <summary>What <see cref="AzureTable"/> sends and what it makes of answers that an emulator never gives.</summary>
public sealed class AzureTableWireTests
{
    private const string Missing =
        """{"odata.error":{"code":"TableNotFound","message":{"lang":"en-US","value":"0:The table does not exist."}}}""";

    private const string BeingDeleted =
        """{"odata.error":{"code":"TableBeingDeleted","message":{"lang":"en-US","value":"The table is being deleted."}}}""";

    private static readonly Change Add = new Change.Add(NewRow("a"));

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task A_service_that_cannot_serve_is_an_outage_of_the_table(int status) =>
        await AssertOutageAsync(_ => new HttpResponseMessage((HttpStatusCode)status), retries: 0);

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_service_that_cannot_be_reached_is_an_outage_after_the_last_retry(int retries) =>
        await AssertOutageAsync(_ => throw new HttpRequestException("connection refused"), retries);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_service_that_takes_too_long_is_an_outage(int retries) =>
        await AssertOutageAsync(_ => throw new TaskCanceledException("timed out"), retries);

    [Fact]
    public async Task An_outage_that_ends_between_two_tries_is_not_noticed()
    {
        var tries = 0;
        var table = Table(_ => ++tries == 1 ? new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) : Created(), retries: 1);

        Assert.IsType<Commit.Done>(await table.CommitAsync([Add], default));
        Assert.Equal(2, tries);
    }

    [Fact]
    public async Task A_missing_right_is_no_outage_and_no_conflict()
    {
        // Waiting does not help against a missing role, and the reason must show.
        const string Body =
            """<?xml version="1.0" encoding="utf-8"?><Error><Code>AuthorizationFailure</Code><Message>No.</Message></Error>""";
        var table = Table(_ => Answer(HttpStatusCode.Forbidden, Body), retries: 0);

        var refusal = await Assert.ThrowsAsync<RequestFailedException>(() => table.CommitAsync([Add], default));
        Assert.Equal((403, "AuthorizationFailure"), (refusal.Status, refusal.ErrorCode));
        await Assert.ThrowsAsync<RequestFailedException>(() => table.FindAsync("p", "a", default));
    }

    [Fact]
    public async Task A_table_that_is_being_deleted_is_an_outage()
    {
        var table = Table(r => r.RequestUri!.AbsolutePath.EndsWith("/Tables", StringComparison.Ordinal)
            ? Answer(HttpStatusCode.Conflict, BeingDeleted)
            : Answer(HttpStatusCode.NotFound, Missing), retries: 0);

        await Assert.ThrowsAsync<OutageException>(() => table.CommitAsync([Add], default));
    }

    [Fact]
    public async Task A_table_that_is_still_missing_after_it_was_made_is_an_outage()
    {
        var table = Table(r => r.RequestUri!.AbsolutePath.EndsWith("/Tables", StringComparison.Ordinal)
            ? new HttpResponseMessage(HttpStatusCode.NoContent)
            : Answer(HttpStatusCode.NotFound, Missing), retries: 0);

        await Assert.ThrowsAsync<OutageException>(() => table.CommitAsync([Add], default));
    }

    [Fact]
    public async Task A_transaction_that_the_service_could_not_finish_is_an_outage()
    {
        const string Body =
            "--batchresponse_1\r\nContent-Type: multipart/mixed; boundary=changesetresponse_2\r\n\r\n"
            + "--changesetresponse_2\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
            + "HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/json\r\n\r\n"
            + """{"odata.error":{"code":"OperationTimedOut","message":{"lang":"en-US","value":"0:Not in time."}}}"""
            + "\r\n--changesetresponse_2--\r\n--batchresponse_1--\r\n";
        var table = Table(_ => Answer(HttpStatusCode.Accepted, Body, "multipart/mixed; boundary=batchresponse_1"), retries: 0);

        var outage = await Assert.ThrowsAsync<OutageException>(
            () => table.CommitAsync([Add, new Change.Add(NewRow("b"))], default));
        Assert.IsType<TableTransactionFailedException>(outage.InnerException);
    }

    [Fact]
    public async Task A_page_without_rows_does_not_end_a_range()
    {
        List<string> queries = [];
        var table = Table(
            request =>
            {
                queries.Add(Uri.UnescapeDataString(request.RequestUri!.Query));
                if (queries.Count > 1)
                {
                    return Answer(
                        HttpStatusCode.OK,
                        """{"value":[{"odata.etag":"W/\"1\"","PartitionKey":"p","RowKey":"a","Timestamp":"2026-03-04T05:06:07Z"}]}""");
                }

                var page = Answer(HttpStatusCode.OK, """{"value":[]}""");
                page.Headers.Add("x-ms-continuation-NextPartitionKey", "1!4!cA--");
                page.Headers.Add("x-ms-continuation-NextRowKey", "1!4!YQ--");
                return page;
            },
            retries: 0);

        var row = Assert.Single(await table.RangeAsync("p", "a", "b", default).ToListAsync());

        Assert.Equal(("p", "a", "W/\"1\"", 0), (row.Partition, row.Key, row.ETag.ToString(), row.Columns.Count));
        Assert.All(queries, q => Assert.Contains("$filter=PartitionKey eq 'p' and RowKey ge 'a' and RowKey lt 'b'", q, StringComparison.Ordinal));
        Assert.Contains("NextPartitionKey=1!4!cA--&NextRowKey=1!4!YQ--", queries[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_credential_is_asked_for_storage_and_its_token_is_sent()
    {
        HttpRequestMessage? sent = null;
        string[] scopes = [];
        var credential = DelegatedTokenCredential.Create(
            (context, _) =>
            {
                scopes = context.Scopes;
                return new AccessToken("token-1", DateTimeOffset.MaxValue);
            });
        var options = Options(
            request =>
            {
                sent = request;
                return Answer(HttpStatusCode.NotFound, Missing);
            },
            retries: 0);
        var table = new AzureTable(
            new TableServiceClient(new Uri("https://acct.table.core.windows.net"), credential, options).GetTableClient("Users"));

        Assert.Null(await table.FindAsync("p", "it's", default));

        Assert.Equal(["https://storage.azure.com/.default"], scopes);
        Assert.Equal("Bearer token-1", sent!.Headers.Authorization?.ToString());
        Assert.Equal(
            "https://acct.table.core.windows.net/Users(PartitionKey='p',RowKey='it%27%27s')", sent.RequestUri!.AbsoluteUri);
    }

    [Theory]
    [InlineData("AccountName=acct;AccountKey=a2V5;EndpointSuffix=core.windows.net", "https://acct.table.core.windows.net/")]
    [InlineData("DefaultEndpointsProtocol=http;AccountName=acct;AccountKey=a2V5;EndpointSuffix=x.test", "http://acct.table.x.test/")]
    [InlineData("AccountName=acct;AccountKey=a2V5;TableEndpoint=http://127.0.0.1:1/acct/", "http://127.0.0.1:1/acct/")]
    [InlineData("UseDevelopmentStorage=true", "http://127.0.0.1:10002/devstoreaccount1/")]
    public async Task A_connection_string_names_the_endpoint_and_the_key_that_signs(string connectionString, string endpoint)
    {
        HttpRequestMessage? sent = null;
        var options = Options(
            request =>
            {
                sent = request;
                return Answer(HttpStatusCode.NotFound, Missing);
            },
            retries: 0);
        var table = new AzureTable(new TableServiceClient(connectionString, options).GetTableClient("Users"));

        await table.FindAsync("p", "a", default);

        Assert.StartsWith(endpoint + "Users(", sent!.RequestUri!.AbsoluteUri, StringComparison.Ordinal);
        Assert.Equal("SharedKeyLite", sent.Headers.Authorization?.Scheme);
        Assert.NotEmpty(sent.Headers.GetValues("x-ms-date"));
    }

    [Fact]
    public async Task A_write_whose_answer_is_lost_comes_back_as_a_conflict_and_is_confirmed()
    {
        // The client library's own retry meets the row that its first try wrote, on the real emulator.
        var answers = new LosesAnswers();
        var options = new TableClientOptions { Transport = new HttpClientTransport(answers), Retry = { Delay = TimeSpan.Zero } };
        var plain = new AzureTable(
            new TableServiceClient(Azurite.Shared.ConnectionString, options).GetTableClient($"t{Guid.NewGuid():N}"));
        var confirming = new ConfirmingTable(plain);
        await DoneAsync(new Change.Add(NewRow("first")));

        answers.LoseNext = true;
        Assert.Equal(new Commit.Conflict(0), await plain.CommitAsync([new Change.Add(NewRow("unconfirmed"))], default));

        answers.LoseNext = true;
        var etag = (await DoneAsync(Add))[0];
        answers.LoseNext = true;
        etag = (await DoneAsync(new Change.Replace(NewRow("a") with { ETag = etag })))[0];
        answers.LoseNext = true;
        var etags = await DoneAsync(new Change.Add(NewRow("b")), new Change.Replace(NewRow("a") with { ETag = etag }));
        answers.LoseNext = true;
        await DoneAsync(new Change.Delete("p", "a", etags[1]));
        answers.LoseNext = true;
        await DoneAsync(new Change.Add(NewRow("c")), new Change.Delete("p", "b", etags[0]));

        Assert.False(answers.LoseNext);
        Assert.Equal(["c"], await confirming.RangeAsync("p", "a", "d", default).Select(r => r.Key).ToListAsync());

        async Task<IReadOnlyList<ETag>> DoneAsync(params Change[] changes) =>
            Assert.IsType<Commit.Done>(await confirming.CommitAsync(changes, default)).ETags;
    }

    private static async Task AssertOutageAsync(Func<HttpRequestMessage, HttpResponseMessage> answer, int retries)
    {
        var table = Table(answer, retries);
        var stale = new ETag("W/\"1\"");
        Func<Task>[] calls =
        [
            () => table.FindAsync("p", "a", default),
            () => table.RangeAsync("p", "a", "b", default).ToListAsync().AsTask(),
            () => table.ScanAsync(DateTimeOffset.UnixEpoch, default).ToListAsync().AsTask(),
            () => table.CommitAsync([Add], default),
            () => table.CommitAsync([new Change.Replace(NewRow("a") with { ETag = stale })], default),
            () => table.CommitAsync([new Change.Delete("p", "a", stale)], default),
            () => table.CommitAsync([Add, new Change.Delete("p", "b", stale)], default),
        ];
        foreach (var call in calls)
        {
            var outage = await Assert.ThrowsAsync<OutageException>(call);
            Assert.Equal("table Users", outage.Part);
            Assert.NotNull(outage.InnerException);
        }
    }

    private static AzureTable Table(Func<HttpRequestMessage, HttpResponseMessage> answer, int retries) =>
        new(new TableServiceClient("UseDevelopmentStorage=true", Options(answer, retries)).GetTableClient("Users"));

    private static TableClientOptions Options(Func<HttpRequestMessage, HttpResponseMessage> answer, int retries) => new()
    {
        Transport = new HttpClientTransport(new Answers(answer)),
        Retry = { MaxRetries = retries, Delay = TimeSpan.Zero, MaxDelay = TimeSpan.Zero },
    };

    private static HttpResponseMessage Created()
    {
        var response = new HttpResponseMessage(HttpStatusCode.NoContent);
        response.Headers.TryAddWithoutValidation("ETag", "W/\"datetime'2026-03-04T05%3A06%3A07Z'\"");
        return response;
    }

    private static HttpResponseMessage Answer(HttpStatusCode status, string body, string type = "application/json")
    {
        var response = new HttpResponseMessage(status) { Content = new StringContent(body) };
        response.Content.Headers.Remove("Content-Type");
        response.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        return response;
    }

    private static Row NewRow(string key) => new("p", key, new Dictionary<string, object> { ["Number"] = 1 });

    private sealed class Answers(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(answer(request));
    }

    private sealed class LosesAnswers() : DelegatingHandler(new SocketsHttpHandler())
    {
        public bool LoseNext { get; set; }

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (!LoseNext)
            {
                return response;
            }

            LoseNext = false;
            response.Dispose();
            throw new HttpRequestException("The connection was reset.");
        }
    }
}
