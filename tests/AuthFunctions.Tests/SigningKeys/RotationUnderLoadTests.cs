using AuthFunctions.SigningKeys;
using AuthFunctions.Tests.Fixtures;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.SigningKeys;

/// <summary>
/// Ten rotations while 20,000 tokens are signed: every token is good, at once and until it expires, for verifiers that fetch the key set no
/// sooner than its Cache-Control lets them.
/// </summary>
[Collection(RunsAlone.Name)]
public class RotationUnderLoadTests
{
    private const int Rotations = 10;
    private const int TokensAStep = 17;

    private static readonly TimeSpan Step = TimeSpan.FromMinutes(12);
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromHours(1);

    [Theory]
    [InlineData("KeyVault")]
    [InlineData("KeyVaultWrapped")]
    public async Task No_token_fails_while_keys_rotate(string source)
    {
        await using var deployment = await VaultService.StartAsync(source, new()
        {
            ["Keys:JwksCacheLifetime"] = "01:00:00",
            ["Keys:AnnounceAhead"] = "01:00:00",
            ["Keys:RotationPeriod"] = "1.00:00:00",
        });
        await using var second = await deployment.StartSecondAsync();
        await deployment.RunTimerAsync();
        Verifier[] verifiers = [new(deployment.Service, TimeSpan.Zero), new(second, TimeSpan.FromMinutes(4)), new(deployment.Service, TimeSpan.FromMinutes(-4))];
        var rings = new[] { deployment.Service.Get<KeyRing>(), second.Get<KeyRing>() };
        var signers = new HashSet<string>();
        var alive = new Queue<(DateTimeOffset IssuedAt, string[] Tokens)>();
        var signed = 0;

        for (var steps = 0; signers.Count <= Rotations || signed < 20_000; steps++)
        {
            Assert.InRange(steps, 0, 1_500);
            if (steps % 5 == 0)
            {
                // The vault's own policy makes the keys that never leave it; both have the hourly timer.
                if (source == "KeyVault" && steps % 120 == 0)
                {
                    await deployment.Vault.Keys().RotateKeyAsync(FakeVault.SigningKey);
                }

                await deployment.RunTimerAsync();
            }

            var now = deployment.Service.Clock.GetUtcNow();
            var tokens = await Task.WhenAll(Enumerable.Range(0, TokensAStep).Select(i => rings[i % 2].SignAsync("at+jwt", claims =>
            {
                claims.WriteString("iss", Contoso);
                claims.WriteNumber("iat", now.ToUnixTimeSeconds());
                claims.WriteNumber("exp", (now + TokenLifetime).ToUnixTimeSeconds());
            }, default)));
            signed += tokens.Length;
            signers.UnionWith(tokens.Select(t => new JsonWebToken(t).Kid));

            // A token is met anew, and once more at the end of its life.
            alive.Enqueue((now, tokens));
            var old = alive.Peek().IssuedAt + TokenLifetime <= now ? alive.Dequeue().Tokens : [];
            foreach (var verifier in verifiers)
            {
                await verifier.AssertGoodAsync([.. tokens, .. old]);
            }

            await deployment.AdvanceAsync(Step);
        }

        Assert.InRange(signers.Count - 1, Rotations, int.MaxValue);
        Assert.All(verifiers, v => Assert.InRange(v.Fetches, 100, 400));
    }

    /// <summary>Checks signatures as a resource server does: with the keys it has, until their time is up, by a clock that differs.</summary>
    private sealed class Verifier(TestService service, TimeSpan clockDiffersBy)
    {
        private DateTimeOffset usableUntil;
        private TokenValidationParameters rules = new();

        public int Fetches { get; private set; }

        public async Task AssertGoodAsync(IEnumerable<string> tokens)
        {
            var now = service.Clock.GetUtcNow() + clockDiffersBy;
            if (now >= usableUntil)
            {
                using var browser = service.NewBrowser();
                using var jwks = await browser.GetAsync(Contoso + "/.well-known/jwks.json");
                usableUntil = now + jwks.Headers.CacheControl!.MaxAge!.Value;
                rules = new TokenValidationParameters
                {
                    ValidIssuer = Contoso,
                    ValidateAudience = false,
                    ValidTypes = ["at+jwt"],
                    IssuerSigningKeys = new JsonWebKeySet(await jwks.Content.ReadAsStringAsync()).GetSigningKeys(),

                    // Its own clock alone; five minutes of leeway, as is the library's default.
                    LifetimeValidator = (_, expires, _, _) => now <= expires + TimeSpan.FromMinutes(5),
                };
                Fetches++;
            }

            foreach (var token in tokens)
            {
                var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, rules);
                Assert.True(result.IsValid, $"{service.Clock.GetUtcNow():O}: {result.Exception}");
            }
        }
    }
}
