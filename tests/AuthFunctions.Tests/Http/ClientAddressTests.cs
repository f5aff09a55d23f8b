using AuthFunctions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace AuthFunctions.Tests.Http;

public class ClientAddressTests
{
    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("203.0.113.7:52001", "203.0.113.7")]
    [InlineData(" 203.0.113.7 ", "203.0.113.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("[2001:db8:1:2:3:4:5:6]:52001", "2001:db8:1:2::/64")]
    [InlineData("[2001:db8:1:2:3:4:5:6]", "2001:db8:1:2::/64")]
    [InlineData("2001:DB8:1:2::9", "2001:db8:1:2::/64")]
    [InlineData("::1", "::/64")]
    [InlineData("fe80::1%3", "fe80::/64")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("[::ffff:203.0.113.7]:52001", "203.0.113.7")]
    public void An_address_is_counted_as_IPv4_or_as_its_network(string header, string expected) =>
        Assert.Equal(expected, Of("CLIENT-IP", ("CLIENT-IP", header)));

    [Theory]
    [InlineData("")]
    [InlineData("unknown")]
    [InlineData("203.0.113.7, 198.51.100.1")]
    [InlineData("203.0.113.7:99999")]
    [InlineData("203.0.113.256")]
    [InlineData("app.contoso.localhost")]
    [InlineData("[2001:db8::1")]
    [InlineData("\r\n")]
    public void What_is_no_address_counts_as_none(string header) => Assert.Null(Of("CLIENT-IP", ("CLIENT-IP", header)));

    [Fact]
    public void Without_a_trusted_header_there_is_no_address_whatever_a_caller_sends()
    {
        Assert.Null(Of(null, ("CLIENT-IP", "203.0.113.7"), ("X-Forwarded-For", "203.0.113.7")));
        Assert.Null(Of("", ("CLIENT-IP", "203.0.113.7")));
        Assert.Null(Of("CLIENT-IP", ("X-Forwarded-For", "203.0.113.7")));
        Assert.Null(Of("CLIENT-IP"));
    }

    [Fact]
    public void A_header_sent_twice_is_not_believed() =>
        Assert.Null(Of("CLIENT-IP", ("CLIENT-IP", "203.0.113.7"), ("CLIENT-IP", "198.51.100.1")));

    private static string? Of(string? trusted, params (string Name, string Value)[] headers)
    {
        var http = new DefaultHttpContext();
        foreach (var (name, value) in headers)
        {
            http.Request.Headers.Append(name, value);
        }

        return new ClientAddress(Options.Create(new ClientAddressOptions { Header = trusted })).Of(http.Request);
    }
}
