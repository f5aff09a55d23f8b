using System.Security.Cryptography;
using System.Text.Json;
using AuthFunctions.Http;
using AuthFunctions.Protocol;
using AuthFunctions.Storage;
using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.Storage;
using AuthFunctions.Tests.Tokens;
using AuthFunctions.Users;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.LostResponses;

/// <summary>Counting failures, using assertions up, making the Data Protection ring, and purging.</summary>
internal static class HousekeepingScenarios
{
    private const string WrongPassword = "another long password";

    private static readonly ECDsa ClientKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static IEnumerable<Scenario> All()
    {
        // Its ring is read when the service starts. It cannot be then, so that the first request makes it.
        var ring = new FaultingTable(new MemoryTable()) { ReadsFail = true };
        return
        [
            new("ThrottleStore.SaveAsync", "Throttle", Picks.Any, FailAsync),
            new("ThrottleStore.DeleteAsync", "Throttle", Picks.Deleting("failures"), SucceedAsync),
            new("ClientAssertionStore.TryUseAsync", "ClientAssertions", Picks.Any, s => Task.FromResult(UseAssertion(s))) { Settings = AssertingClient() },
            new("DpopProofStore.TryUseAsync", "DpopProofs", Picks.Any, UseProofAsync),
            new("PairwiseKeyStore.GetAsync", "SigningKeys", Picks.Any, MakePairwiseSecretAsync)
            {
                Settings = new() { ["Clients:0:SubjectType"] = "Pairwise", ["Clients:0:SectorIdentifier"] = "contoso.example" },
            },
            new("DataProtectionStore.StoreElement", "DataProtection", Picks.Any, s => Task.FromResult(MakeRing(s, ring)))
            {
                Faults = ring,
                Adjust = services =>
                {
                    var open = (TableFactory)services.Last(d => d.ServiceType == typeof(TableFactory)).ImplementationInstance!;
                    services.Replace(ServiceDescriptor.Singleton<TableFactory>(name =>
                        name == "DataProtection" ? new ConfirmingTable(ring) : open(name)));
                },
            },
            new("PurgeFunction.RunAsync", "Throttle", Picks.Deleting("failures"), PurgeAsync),
        ];
    }

    private static async Task<Request> FailAsync(TestService service)
    {
        var app = service.NewBrowser();
        var email = NewEmail();
        await SessionScenarios.NativeAsync(app, email);
        return new(
            () => LoginAsync(app, email, WrongPassword),
            401,
            async (answer, course) =>
            {
                await answer.RefusedAsync(401, "invalid_credentials");
                Assert.Equal(course.Times, (await CountAsync(service, email))?.Failures);
            });
    }

    private static async Task<Request> SucceedAsync(TestService service)
    {
        var app = service.NewBrowser();
        var email = NewEmail();
        var (userId, _) = await SessionScenarios.NativeAsync(app, email);
        using var wrong = await LoginAsync(app, email, WrongPassword);
        await wrong.RefusedAsync(401, "invalid_credentials");
        Assert.NotNull(await CountAsync(service, email));
        return new(
            () => LoginAsync(app, email, Password),
            200,
            async (_, _) =>
            {
                Assert.Null(await CountAsync(service, email));
                Assert.Equal(2, (await service.RowsAsync(userId, "session_")).Count);
            });
    }

    private static async Task<Request> PurgeAsync(TestService service)
    {
        var app = service.NewBrowser();
        var email = NewEmail();
        var (userId, refreshToken) = await SessionScenarios.NativeAsync(app, email);
        using var wrong = await LoginAsync(app, email, WrongPassword);
        await wrong.RefusedAsync(401, "invalid_credentials");
        service.Clock.Advance(TimeSpan.FromHours(25));
        return new(
            RunAsync,
            202,
            async (_, course) =>
            {
                Assert.Equal(course.Landed, await CountAsync(service, email) is null);
                using var nextNight = await RunAsync();
                Assert.Null(await CountAsync(service, email));
                Assert.Single(await service.RowsAsync(userId, "session_"));
                using var refreshed = await app.PostAsync(Contoso + "/refresh", new { refresh_token = refreshToken }, origin: null);
                Assert.Equal(200, (int)refreshed.StatusCode);
            })
        {
            // It runs by the clock: nobody waits for its answer, and the next night takes what is left.
            NeverFails = true,
        };

        Task<HttpResponseMessage> RunAsync() => app.PostAsync(Contoso + "/admin/functions/Purge", new { }, origin: null);
    }

    private static async Task<Request> MakePairwiseSecretAsync(TestService service)
    {
        var browser = await service.SignedInAsync();
        return new(
            () => browser.AuthorizeAsync(),
            303,
            async (answer, _) =>
            {
                // The secret that is used is the one that is stored: another instance opens what this one sealed.
                await using var second = await service.StartSecondAsync(
                    new() { ["Clients:0:SubjectType"] = "Pairwise", ["Clients:0:SectorIdentifier"] = "contoso.example" });
                using var elsewhere = second.NewBrowser();
                using var redeemed = await elsewhere.RedeemAsync(Ceremony.Answered(answer)["code"]);
                Assert.Equal(200, (int)redeemed.StatusCode);
            });
    }

    private static Request MakeRing(TestService service, FaultingTable ring)
    {
        ring.ReadsFail = false;
        var browser = service.NewBrowser();
        return new(
            () => browser.GetAsync($"{Fabrikam}/handoff/start?from=contoso&return_to={Uri.EscapeDataString(FabrikamApp + "/")}"),
            303,
            async (answer, _) =>
            {
                // What was sealed can be opened, by a key that is in the table and so every other instance's.
                Assert.NotEmpty(await ring.RangeAsync("ring", "key_", "key`", default).ToListAsync());
                var nonceHash = QueryHelpers.ParseQuery(answer.Headers.Location!.Query)["nonce_hash"];
                using var back = await browser.GetAsync($"{Fabrikam}/handoff/accept?error=login_required&nonce_hash={nonceHash}");
                Assert.Equal(FabrikamApp + "/?error=login_required", back.Headers.Location?.OriginalString);
            });
    }

    private static Request UseAssertion(TestService service)
    {
        var machine = service.NewBrowser();
        var first = NewAssertion(service);
        return new(
            () => SendAsync(first),
            200,
            async (_, _) =>
            {
                using var replayed = await SendAsync(first);
                await replayed.RefusedAsync(401, "invalid_client");
            })
        {
            // One that may have been used up is used up; clients make a new one for each request anyway (RFC 7523 §3).
            RepeatAsync = async course =>
            {
                if (course.Landed)
                {
                    using var again = await SendAsync(first);
                    await again.RefusedAsync(401, "invalid_client");
                    return await SendAsync(NewAssertion(service));
                }

                return await SendAsync(first);
            },
        };

        Task<HttpResponseMessage> SendAsync(string assertion) => machine.FormAsync(
            Contoso + "/token",
            null,
            ("grant_type", "client_credentials"),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", assertion));
    }

    private static async Task<Request> UseProofAsync(TestService service)
    {
        var machine = service.NewBrowser();
        var key = new DpopKey(service);
        await key.LearnNonceAsync(machine);
        var first = key.Proof("POST", Contoso + "/token");
        return new(
            () => SendAsync(first),
            200,
            async (_, _) =>
            {
                using var replayed = await SendAsync(first);
                await replayed.RefusedAsync(400, "invalid_dpop_proof");
            })
        {
            // As with assertions: one that may have been used up is used up, and clients make a new one for each request anyway (RFC 9449 §4.2).
            RepeatAsync = async course =>
            {
                if (course.Landed)
                {
                    using var again = await SendAsync(first);
                    await again.RefusedAsync(400, "invalid_dpop_proof");
                    return await SendAsync(key.Proof("POST", Contoso + "/token"));
                }

                return await SendAsync(first);
            },
        };

        Task<HttpResponseMessage> SendAsync(string proof) =>
            key.FormAsync(machine, "/token", OAuthCalls.Machine, proof, ("grant_type", "client_credentials"));
    }

    private static Dictionary<string, string?> AssertingClient() => new()
    {
        ["Clients:6:ClientId"] = "asserting",
        ["Clients:6:Sites:0"] = "contoso",
        ["Clients:6:GrantTypes:0"] = "client_credentials",
        ["Clients:6:Scopes:0"] = "orders.read",
        ["Clients:6:Jwks"] = JsonSerializer.Serialize(new { keys = new[] { Jwk.Of(ClientKey) } }, JsonSerializerOptions.Web),
    };

    private static string NewAssertion(TestService service) => new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
        JsonSerializer.Serialize(new
        {
            iss = "asserting",
            sub = "asserting",
            aud = Contoso + "/token",
            jti = Guid.NewGuid().ToString(),
            exp = service.Clock.GetUtcNow().AddMinutes(1).ToUnixTimeSeconds(),
        }),
        new SigningCredentials(new ECDsaSecurityKey(ClientKey), "ES256"));

    private static Task<HttpResponseMessage> LoginAsync(Browser app, string email, string password) =>
        app.PostAsync(Contoso + "/login", new { email, password, transport = "body" }, origin: null);

    private static async Task<ThrottleRow?> CountAsync(TestService service, string email)
    {
        Assert.True(EmailAddress.TryParse(email, out var address));
        return await service.Get<ThrottleStore>().FindAsync(ThrottleKey.OfEmail(address!.Hash), default);
    }
}
