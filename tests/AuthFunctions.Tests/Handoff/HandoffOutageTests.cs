using System.Xml.Linq;
using AuthFunctions.Protocol;
using AuthFunctions.Tests.Fixtures;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Handoff;

/// <summary>A fresh instance that cannot read the ring which seals cookies says so, and calls no browser wrong and burns no token.</summary>
public class HandoffOutageTests
{
    [Fact]
    public async Task Without_the_key_ring_a_handoff_is_unavailable_rather_than_refused()
    {
        await using var service = await StartAsync(adjust: services =>
            services.PostConfigure<KeyManagementOptions>(options => options.XmlRepository = new Unreachable()));
        using var browser = service.NewBrowser();
        using var handoff = new HandoffCeremony(service, browser);

        using var start = await browser.GetAsync(handoff.StartUrl());
        await start.RefusedAsync(503, "unavailable");
        Assert.Equal("1", start.Headers.GetValues("Retry-After").Single());

        // A cookie of the right shape (magic number and key id), whose key would have to be read.
        var hash = new string('A', 43);
        using var accept = new HttpRequestMessage(HttpMethod.Get, $"{Fabrikam}/handoff/accept?error=login_required&nonce_hash={hash}");
        accept.Headers.Add("Cookie", $"__Host-handoff-{hash[..8]}=CfDJ8{new string('A', 123)}");
        using var accepted = await browser.SendAsync(accept);
        await accepted.RefusedAsync(503, "unavailable");
    }

    private sealed class Unreachable : IXmlRepository
    {
        public IReadOnlyCollection<XElement> GetAllElements() => throw new OutageException("table DataProtection");

        public void StoreElement(XElement element, string friendlyName) => throw new OutageException("table DataProtection");
    }
}
