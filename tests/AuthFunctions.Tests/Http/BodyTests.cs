using System.Text;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Sessions;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Http;

/// <summary>Bodies: their size, type and form. Each starts from one that signs somebody in.</summary>
public class BodyTests(SharedService shared) : IClassFixture<SharedService>
{
    private const int Limit = 64 * 1024;

    private readonly TestService service = shared.Service;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_of_64_KiB_is_read_and_one_byte_more_is_413(bool chunked)
    {
        var start = $$"""{"email":"{{await EmailAsync()}}","password":"{{Password}}","pad":"{{'"'}}""";

        // The server counts the framing of chunks too.
        using var read = await LoginAsync(Padded(chunked ? Limit - 64 : Limit), chunked);
        using var refused = await LoginAsync(Padded(Limit + 1), chunked);

        await read.IsAsync(200);
        await refused.RefusedAsync(413, "too_large");
        Assert.Empty(refused.SetCookies());

        byte[] Padded(int size) => Encoding.UTF8.GetBytes(start[..^1] + new string('x', size - start.Length - 1) + "\"}");
    }

    [Theory]
    [InlineData("/signin")]
    [InlineData("/token")]
    public async Task A_form_that_is_too_large_is_413_too(string path)
    {
        using var browser = service.NewBrowser();
        var request = new HttpRequestMessage(HttpMethod.Post, Contoso + path)
        {
            Content = new ByteArrayContent(Encoding.ASCII.GetBytes("grant_type=" + new string('x', Limit))),
        };
        request.Content.Headers.ContentType = new("application/x-www-form-urlencoded");
        request.Headers.TransferEncodingChunked = true;
        request.Headers.Add("Origin", Contoso);

        using var refused = await browser.SendAsync(request);

        await refused.RefusedAsync(413, "too_large");
    }

    [Theory]
    [InlineData("""{"email":5,"password":"a long enough password"}""", "email")]
    [InlineData("""{"email":["a@people.test"],"password":"a long enough password"}""", "email")]
    [InlineData("""{"email":"a@people.test","password":{"$ne":""}}""", "password")]
    [InlineData("""{"email":"a@people.test","password":true}""", "password")]
    [InlineData("""{"email":"a@people.test","password":null}""", "password")]
    [InlineData("""{"email":"a@people.test"}""", "password")]
    [InlineData("""{"password":"a long enough password"}""", "email")]
    [InlineData("""{"email":"a@people.test","password":"a long enough password","transport":1}""", "transport")]
    [InlineData("""{"email":"\ud800@people.test","password":"a long enough password"}""", "email")]
    [InlineData("""{"email":"a@people.test","password":"\udc00"}""", "password")]
    public async Task A_field_of_the_wrong_type_is_400_with_its_name(string json, string field)
    {
        using var refused = await LoginAsync(Encoding.UTF8.GetBytes(json));

        await refused.RefusedAsync(400, "invalid_request");
        Assert.Equal(field, await refused.TextAsync("field"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{")]
    [InlineData("{}{}")]
    [InlineData("{\"email\":\"a@people.test\",}")]
    [InlineData("{/*c*/}")]
    [InlineData("{\"email\":\"a@people.test\",\"password\":\"a long enough password\",\"password\":\"another\"}")]
    [InlineData("{\"email\":\"a@people.test\",\"password\":\"a long enough password\",\"\\u0070assword\":\"another\"}")]
    [InlineData("{\"email\":\"a@people.test\",\"password\":\"a long enough password\",\"x\":[[[[[[[[[]]]]]]]]]}")]
    [InlineData("{\"\\ud800\":1,\"email\":\"a@people.test\",\"password\":\"a long enough password\"}")]
    [InlineData("{\"\\ud800\":1,\"\\ud801\":1,\"email\":\"a@people.test\",\"password\":\"a long enough password\"}")]
    public async Task What_is_no_plain_JSON_object_is_400(string json)
    {
        using var refused = await LoginAsync(Encoding.UTF8.GetBytes(json));

        await refused.RefusedAsync(400, "invalid_request");
    }

    [Theory]
    [InlineData(new byte[] { (byte)'"', 0xff, (byte)'"' }, "")]
    [InlineData(new byte[] { (byte)'"', 0xc0, 0x80, (byte)'"' }, "")]
    [InlineData(new byte[] { (byte)'"', 0xed, 0xa0, 0x80, (byte)'"' }, "")]
    public async Task Text_that_is_not_UTF_8_is_400(byte[] text, string after)
    {
        byte[] body = [.. """{"email":"a@people.test","password":"""u8, .. text, .. Encoding.ASCII.GetBytes(after), (byte)'}'];

        using var refused = await LoginAsync(body);

        await refused.RefusedAsync(400, "invalid_request");
        Assert.Equal("password", await refused.TextAsync("field"));
    }

    [Fact]
    public async Task A_name_that_is_not_UTF_8_does_no_harm()
    {
        byte[] body = [.. "{\""u8, 0xff, .. "\":1,"u8, .. Encoding.UTF8.GetBytes($"\"email\":\"{await EmailAsync()}\",\"password\":\"{Password}\"}}")];

        using var response = await LoginAsync(body);

        Assert.InRange((int)response.StatusCode, 200, 499);
    }

    [Fact]
    public async Task Unknown_fields_are_ignored()
    {
        using var response = await LoginAsync(Encoding.UTF8.GetBytes(
            $$"""{"email":"{{await EmailAsync()}}","password":"{{Password}}","remember":true,"x":{"email":5},"Email":7,"":[]}"""));

        await response.IsAsync(200);
    }

    [Theory]
    [InlineData("application/json; charset=utf-8", 200)]
    [InlineData("APPLICATION/JSON", 200)]
    [InlineData("application/vnd.x+json", 200)]
    [InlineData("application/xml", 415)]
    [InlineData("application/jsonx", 415)]
    [InlineData("text/json", 415)]
    [InlineData("", 415)]
    public async Task A_body_that_does_not_say_it_is_JSON_is_415(string contentType, int status)
    {
        using var response = await LoginAsync(
            Encoding.UTF8.GetBytes($$"""{"email":"{{await EmailAsync()}}","password":"{{Password}}"}"""), contentType: contentType);

        await response.IsAsync(status);
        if (status == 415)
        {
            await response.RefusedAsync(415, "unsupported_media_type");
        }
    }

    private async Task<string> EmailAsync()
    {
        var email = NewEmail();
        using var registered = await service.SignedInAsync(email: email);
        return email;
    }

    private async Task<HttpResponseMessage> LoginAsync(byte[] body, bool chunked = false, string contentType = "application/json")
    {
        using var browser = service.NewBrowser();
        var request = new HttpRequestMessage(HttpMethod.Post, Contoso + "/login") { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        request.Headers.TransferEncodingChunked = chunked;
        request.Headers.Add("Origin", ContosoApp);
        request.Headers.Add("X-Requested-With", "fetch");
        return await browser.SendAsync(request);
    }
}
