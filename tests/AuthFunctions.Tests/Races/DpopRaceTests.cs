using AuthFunctions.Tests.Tokens;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Races;

public class DpopRaceTests
{
    [Fact]
    public async Task Of_32_uses_of_a_proof_at_once_over_two_instances_one_counts()
    {
        await using var service = await StartOnAzuriteAsync();
        await using var second = await service.StartSecondAsync();
        using var crowd = new Crowd(service, second);
        using var browser = service.NewBrowser();
        using var key = new DpopKey(service);
        await key.LearnNonceAsync(browser);

        for (var round = 0; round < Crowd.Rounds; round++)
        {
            var proof = key.Proof("POST", Contoso + "/token");
            var replies = await Crowd.AtOnceAsync(Crowd.Size, _ => crowd.MachineTokenAsync(proof));

            Assert.Equal("DPoP", Assert.Single(replies, r => r.Status == 200).Text("token_type"));
            Assert.All(replies.Where(r => r.Status != 200), r => Assert.Equal("invalid_dpop_proof", r.Is(400).Text("error")));
        }
    }
}
