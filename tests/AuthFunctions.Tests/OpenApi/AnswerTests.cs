using System.Net.Http.Headers;
using System.Text;
using AuthFunctions.Tests.Tokens;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.OpenApi;

/// <summary>
/// Each answer that openapi.json tells of is given: each status of each operation, in each of its content types. From a valid request, of which
/// one thing is spoiled. That a service tells of every answer it gives is seen to by every test's browser (<see cref="OpenApiHolds"/>).
/// </summary>
public sealed class AnswerTests(Scene scene) : IClassFixture<Scene>
{
    private const string Problem = "application/problem+json";

    private static readonly Dictionary<string, string> AccountPaths = new()
    {
        ["ChangePassword"] = "password",
        ["ChangeEmail"] = "email",
        ["DeleteAccount"] = "delete",
        ["EndDevice"] = "sessions/end",
        ["EndOtherDevices"] = "sessions/end-others",
    };

    public static TheoryData<string> Operations => [.. OpenApiContract.Shared.Operations.Select(o => o.Id)];

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Each_answer_that_the_contract_tells_of_is_given(string operation)
    {
        foreach (var answer in OpenApiContract.Shared.Answers.Where(a => a.Split(' ')[0] == operation))
        {
            using var response = await ProvokeAsync(operation, answer);

            Assert.Equal(answer, await response.HoldAsync());
        }
    }

    [Fact]
    public void Every_call_is_for_an_answer_of_the_contract() =>
        Assert.Empty(ValidCalls.All.Keys.Concat(OtherCalls.All.Keys).Except(OpenApiContract.Shared.Answers));

    private async Task<HttpResponseMessage> ProvokeAsync(string operation, string answer)
    {
        if (OtherCalls.All.TryGetValue(answer, out var other))
        {
            return await other(scene);
        }

        var outcome = answer[(operation.Length + 1)..];
        if (AccountPaths.TryGetValue(operation, out var path))
        {
            switch (outcome)
            {
                case "303" or "400 text/html" or "401 text/html" or "403 text/html" or "429 text/html":
                    return await OtherCalls.AccountFormAsync(scene, path, outcome);

                case "429 " + Problem:
                    var (_, browser) = await ValidCalls.PersonAsync(scene);
                    return await OtherCalls.RepeatAsync(429, _ => browser.PostAsync(
                        $"{Contoso}/account/{path}", new { password = "wrong", new_password = "another long enough password", email = NewEmail() }));
            }
        }

        var (valid, make) = ValidCalls.All.Single(c => c.Key.Split(' ')[0] == operation);
        var call = await make(scene);
        if (valid == answer)
        {
            return await call.SendAsync();
        }

        if (outcome == "503 " + Problem)
        {
            return await Scene.InOutageAsync(call.Service, call.SendAsync);
        }

        await SpoilAsync(call, outcome);
        return await call.SendAsync();
    }

    /// <summary>Spoils one thing, so that the outcome is this one.</summary>
    private static async Task SpoilAsync(Call call, string outcome)
    {
        var request = call.Request;
        switch (outcome)
        {
            case "304":
                request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Any);
                break;

            case "400 " + Problem:
                request.Headers.Add("Cookie", "__Host-sid=a; __Host-sid=b");
                break;

            case "400 text/html" or "415 " + Problem:
                request.Content = new StringContent("x", Encoding.UTF8, "text/plain");
                request.Headers.Add("X-Requested-With", "fetch");
                break;

            case "401 application/json":
                request.Headers.Authorization = new("Basic", Convert.ToBase64String("demo-web:wrong"u8));
                break;

            case "401 " + Problem:
                call.Browser.Cookies.Clear();
                call.Browser.Headers.Clear();
                request.Headers.Authorization = null;
                break;

            case "403 " + Problem when call.Browser.Headers.ContainsKey("Authorization"):
                call.Browser.Headers["Authorization"] = "Bearer " + await call.Service.ClientTokenAsync(OAuthCalls.Machine);
                break;

            case "403 " + Problem or "403 text/html":
                request.Headers.Remove("Origin");
                request.Headers.Add("Origin", "http://evil.test");
                break;

            case "413 " + Problem:
                request.Content = new ByteArrayContent(new byte[(64 * 1024) + 1]);
                break;

            case "421 " + Problem:
                request.Headers.Host = "auth.nobody.test";
                break;

            default:
                throw new InvalidOperationException($"Nobody knows how to have {request.RequestUri!.AbsolutePath} answer {outcome}.");
        }
    }
}
