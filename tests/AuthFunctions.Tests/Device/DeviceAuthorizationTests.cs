using AuthFunctions.Device;
using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Tokens;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Device;

/// <summary>RFC 8628 §3.1, §3.2 and §6.1.</summary>
public class DeviceAuthorizationTests
{
    [Fact]
    public async Task A_device_is_told_its_codes_the_page_and_the_pace()
    {
        await using var service = await StartAsync();
        using var device = service.NewBrowser();

        using var response = await device.AskToBeLetInAsync();

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
        var body = await response.JsonAsync();
        Assert.Equal("device_code expires_in interval user_code verification_uri verification_uri_complete", body.Members());
        Assert.StartsWith("dev_", Ceremony.Text(body, "device_code"), StringComparison.Ordinal);
        Assert.Matches("^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$", Ceremony.Text(body, "user_code"));
        Assert.Equal(Contoso + "/device", Ceremony.Text(body, "verification_uri"));
        Assert.Equal(Contoso + "/device?user_code=" + Ceremony.Text(body, "user_code"), Ceremony.Text(body, "verification_uri_complete"));
        Assert.Equal((600, 5), (body.GetProperty("expires_in").GetInt32(), body.GetProperty("interval").GetInt32()));
    }

    [Theory]
    [InlineData("client_id", "demo-spa", 400, "unauthorized_client", "device_code is not registered for the client")]
    [InlineData("client_id", "demo-web", 401, "invalid_client", "a confidential client must authenticate")]
    [InlineData("client_id", null, 401, "invalid_client", "unknown client")]
    [InlineData("scope", "orders.read", 400, "invalid_scope", "malformed, or not this client's")]
    [InlineData("scope", "openid\"", 400, "invalid_scope", "malformed, or not this client's")]
    [InlineData("resource", "https://orders.example", 400, "invalid_target", "unknown resource, or not this client's")]
    public async Task One_wrong_parameter_is_refused(string name, string? value, int status, string error, string reason)
    {
        await using var service = await StartAsync();
        using var device = service.NewBrowser();
        using var valid = await device.AskToBeLetInAsync();
        Assert.Equal(200, (int)valid.StatusCode);

        using var spoilt = await device.AskToBeLetInAsync((name, value));

        await spoilt.RefusedAsync(status, error);
        service.AssertReason(reason);
    }

    [Theory]
    [InlineData("BCDF-GHJK", "BCDFGHJK")]
    [InlineData("bcdf-ghjk", "BCDFGHJK")]
    [InlineData("bcdfghjk", "BCDFGHJK")]
    [InlineData(" Bcdf GhJk ", "BCDFGHJK")]
    [InlineData("BCDF\u2013GHJK.", "BCDFGHJK")]
    [InlineData("BCDF-GHJ", null)]
    [InlineData("BCDF-GHJKL", null)]
    [InlineData("ACDF-GHJK", null)]
    [InlineData("BCDF-GHJ0", null)]
    [InlineData("ßCDFGHJK", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_user_code_is_read_as_people_type_it(string? typed, string? letters)
    {
        Assert.Equal(letters is not null, UserCode.TryParse(typed, out var code));
        Assert.Equal(letters, code?.Letters);
    }

    [Fact]
    public void Codes_are_random_and_of_all_letters()
    {
        var codes = Enumerable.Range(0, 500).Select(_ => UserCode.New().Letters).ToList();

        Assert.Equal(500, codes.Distinct().Count());
        Assert.Equal("BCDFGHJKLMNPQRSTVWXZ", string.Concat(codes.SelectMany(c => c).Distinct().Order()));
    }

    [Fact]
    public async Task The_row_holds_neither_of_the_codes()
    {
        await using var service = await StartAsync();
        using var device = service.NewBrowser();

        var waiting = await device.WaitAsync();

        Assert.True(UserCode.TryParse(waiting.UserCode, out var userCode));
        var row = Assert.Single(await service.Table("DeviceCodes").ScanAsync(DateTimeOffset.MaxValue, default).ToListAsync());
        Assert.Equal(userCode.Hash, row.Partition);
        Assert.DoesNotContain(userCode.Letters, string.Join(' ', row.Columns.Values), StringComparison.OrdinalIgnoreCase);
        Assert.NotNull(DeviceCodeHandle.Read(waiting.DeviceCode)!.Secret);
    }
}
