using System.Buffers.Text;
using System.Security.Cryptography;
using AuthFunctions.Clients;
using AuthFunctions.Sites;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AuthFunctions.Tests.Clients;

public class ClientsValidatorTests
{
    private const string DemoWebHash = "YhjgF9pko5zyBpvwlhtnwfQFzv2RixuCazPRoAtPPYw";

    private static readonly string GoodHash = Base64Url.EncodeToString(SHA256.HashData("a secret of one's own"u8));

    [Fact]
    public void A_client_that_says_all_it_must_is_accepted()
    {
        Assert.Empty(Faults(Environments.Production, Valid()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("with space")]
    [InlineData("quote\"")]
    [InlineData("ümlaut")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public void An_identifier_is_1_to_64_printable_characters(string id) =>
        AssertFault(c => c.ClientId = id, "ClientId must be 1 to 64 printable ASCII characters");

    [Theory]
    [InlineData("first-party")]
    [InlineData("https://auth.contoso.com")]
    [InlineData("https://api.contoso.com")]
    [InlineData("https://orders.example")]
    public void No_client_is_named_like_an_issuer_a_resource_or_the_first_party(string id) =>
        AssertFault(c => c.ClientId = id, "ClientId is reserved");

    [Fact]
    public void A_client_names_sites_that_there_are()
    {
        AssertFault(c => c.Sites = [], "Sites must name sites of this deployment, but has ''.");
        AssertFault(c => c.Sites = ["contoso", "Contoso"], "Sites must name sites of this deployment, but has 'Contoso'.");
    }

    [Theory]
    [InlineData("http://client.example/jwks")]
    [InlineData("https://user@client.example/jwks")]
    [InlineData("https://client.example/jwks#x")]
    [InlineData("/jwks")]
    public void Keys_are_fetched_by_https_from_an_absolute_URL(string uri) =>
        AssertFault(c => c.JwksUri = new Uri(uri, UriKind.RelativeOrAbsolute), "JwksUri must be an absolute https URL");

    [Fact]
    public void Keys_come_from_one_place_and_signed_requests_need_some()
    {
        AssertFault(c => (c.Jwks, c.JwksUri) = ("""{"keys":[]}""", new Uri("https://client.example/jwks")), "Jwks and JwksUri exclude each other");
        AssertFault(c => (c.Jwks, c.RequireSignedRequestObject) = (null, true), "RequireSignedRequestObject needs keys");
    }

    [Fact]
    public void Pairwise_subjects_need_a_sector_and_signed_userinfo_an_algorithm_that_there_is()
    {
        AssertFault(c => (c.SubjectType, c.RedirectUris) = (SubjectType.Pairwise, ["https://a.example/", "https://b.example/"]), "SectorIdentifier is needed");
        AssertFault(c => (c.SubjectType, c.RedirectUris) = (SubjectType.Pairwise, []), "SectorIdentifier is needed");
        AssertFault(c => c.SectorIdentifier = "https://a.example/", "SectorIdentifier must be a host name");
        AssertFault(c => c.UserinfoSignedResponseAlg = "none", "UserinfoSignedResponseAlg may be ES256");
    }

    [Fact]
    public void A_secret_that_was_pasted_in_place_of_its_hash_is_refused_and_not_quoted()
    {
        var faults = AssertFault(c => c.SecretHashes = ["my-plain-secret"], "SecretHashes must be base64url SHA-256 hashes");
        Assert.DoesNotContain("my-plain", string.Join('\n', faults), StringComparison.Ordinal);
    }

    [Fact]
    public void A_demo_secret_is_refused_outside_Development_alone_and_not_quoted()
    {
        var faults = AssertFault(c => c.SecretHashes = [DemoWebHash], "SecretHashes has a demo secret");
        Assert.DoesNotContain(DemoWebHash, string.Join('\n', faults), StringComparison.Ordinal);
        Assert.DoesNotContain("demo-web-secret", string.Join('\n', faults), StringComparison.Ordinal);

        var local = Valid();
        local.SecretHashes = [DemoWebHash];
        Assert.Empty(Faults(Environments.Development, local));
    }

    [Theory]
    [InlineData("""{"keys":[]}""", "Jwks has no key.")]
    [InlineData("not json", "Jwks is not a JSON Web Key Set.")]
    [InlineData("""{"keys":[{"kty":"oct","k":"c2VjcmV0LWtleQ"}]}""", "must hold public keys only")]
    [InlineData(
        """{"keys":[{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","d":"870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE"}]}""",
        "must hold public keys only")]
    public void Keys_are_public_ones_and_what_is_not_is_never_quoted(string jwks, string fault)
    {
        var faults = string.Join('\n', AssertFault(c => c.Jwks = jwks, fault));
        Assert.DoesNotContain("870MB6gfuTJ4", faults, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", faults, StringComparison.Ordinal);
    }

    [Fact]
    public void Client_credentials_are_for_those_who_can_authenticate() =>
        AssertFault(
            c =>
            {
                c.SecretHashes = [];
                c.GrantTypes = ["client_credentials"];
            },
            "client_credentials is for confidential clients");

    [Theory]
    [InlineData("urn:ietf:params:oauth:grant-type:token-exchange")]
    [InlineData("urn:ietf:params:oauth:grant-type:jwt-bearer")]
    public void So_are_token_exchange_and_handoffs(string grantType) =>
        AssertFault(
            c =>
            {
                c.SecretHashes = [];
                c.GrantTypes = [grantType];
            },
            $"{grantType} is for confidential clients");

    [Fact]
    public void What_a_client_may_exchange_and_hand_off_to_is_declared_and_needs_the_grant()
    {
        AssertFault(c => c.ExchangeAudiences = ["https://unknown.example"], "but 'https://unknown.example' is not");
        AssertFault(c => c.ExchangesWithoutActor = true, "say nothing without the grant type urn:ietf:params:oauth:grant-type:token-exchange");
        AssertFault(c => c.HandsOffTo = ["nobody"], "HandsOffTo must name clients with the grant type urn:ietf:params:oauth:grant-type:jwt-bearer, but has 'nobody'");
    }

    [Fact]
    public void Grants_scopes_resources_and_redirect_URIs_are_checked()
    {
        AssertFault(c => c.GrantTypes = ["password"], "but has 'password'");
        AssertFault(c => c.Scopes = ["two words"], "Scopes has 'two words'");
        AssertFault(c => c.Resources = ["https://unknown.example"], "but 'https://unknown.example' is not");
        AssertFault(c => c.ResourceServer = "https://unknown.example", "but 'https://unknown.example' is not");
        AssertFault(c => c.RedirectUris = ["/callback"], "RedirectUris must be absolute");
        AssertFault(c => c.RedirectUris = ["https://app.contoso.com/callback#part"], "without fragment");
        AssertFault(c => c.IdleLifetime = TimeSpan.FromMinutes(59), "lifetimes must be 1 hour to 365 days, but one is 00:59:00");
        AssertFault(c => c.AbsoluteLifetime = TimeSpan.FromDays(366), "but one is 366.00:00:00");
    }

    /// <summary>RFC 9700 §2.6, RFC 8252 §7.3 and §8.3.</summary>
    [Fact]
    public void No_redirect_URI_goes_over_plain_http_but_on_loopback()
    {
        AssertFault(c => c.RedirectUris = ["http://app.contoso.com/callback"], "but one is 'http://app.contoso.com/callback'");
        AssertFault(c => c.RedirectUris = ["http://localhost/callback"], "but one is 'http://localhost/callback'");
        AssertFault(c => c.PostLogoutRedirectUris = ["http://app.contoso.com/"], "but one is 'http://app.contoso.com/'");

        var client = Valid();
        client.RedirectUris = ["http://127.0.0.1/callback", "http://[::1]/callback"];
        Assert.Empty(Faults(Environments.Production, client));
    }

    /// <summary>RFC 8252 §8.4: a domain name of its maker's, in reverse; other names are anybody's.</summary>
    [Theory]
    [InlineData("contoso:/callback")]
    [InlineData("ftp://app.contoso.com/callback")]
    public void An_apps_own_scheme_has_a_dot_in_it(string uri) => AssertFault(c => c.RedirectUris = [uri], $"but one is '{uri}'");

    [Theory]
    [InlineData("http://client.example/logout")]
    [InlineData("http://127.0.0.1/logout")]
    [InlineData("https://user@client.example/logout")]
    [InlineData("https://client.example/logout#x")]
    [InlineData("/logout")]
    public void Logout_notices_go_by_https_to_an_absolute_URL(string uri) =>
        AssertFault(c => c.BackchannelLogoutUri = new Uri(uri, UriKind.RelativeOrAbsolute), "BackchannelLogoutUri must be an absolute https URL");

    [Fact]
    public void In_Development_logout_notices_may_go_by_plain_http_to_loopback_and_nowhere_else()
    {
        var (local, remote, deployed) = (Valid(), Valid(), Valid());
        (local.BackchannelLogoutUri, remote.BackchannelLogoutUri) = (new("http://127.0.0.1:5173/logout"), new("http://10.0.0.1/logout"));
        deployed.BackchannelLogoutUri = new("https://client.example/logout?tenant=1");

        Assert.Empty(Faults(Environments.Development, local));
        Assert.Empty(Faults(Environments.Production, deployed));
        Assert.Contains("BackchannelLogoutUri", Assert.Single(Faults(Environments.Development, remote)), StringComparison.Ordinal);
    }

    [Fact]
    public void No_more_clients_may_be_told_than_one_transaction_can_tell()
    {
        var clients = Enumerable.Range(0, 41).Select(i =>
        {
            var client = Valid();
            (client.ClientId, client.BackchannelLogoutUri) = ($"web-{i}", new("https://client.example/logout"));
            return client;
        }).ToArray();

        Assert.Empty(Faults(Environments.Production, clients[..40]));
        Assert.Equal(["Clients: at most 40 may have a BackchannelLogoutUri, but 41 have."], Faults(Environments.Production, clients));
    }

    [Fact]
    public void A_pairwise_client_hands_off_to_pairwise_clients_alone()
    {
        var (source, redeemer) = (Valid(), Valid());
        (source.ClientId, source.SubjectType, source.SectorIdentifier) = ("source", SubjectType.Pairwise, "source.example");
        (source.GrantTypes, source.HandsOffTo) = (["urn:ietf:params:oauth:grant-type:token-exchange"], ["web"]);
        redeemer.GrantTypes = ["urn:ietf:params:oauth:grant-type:jwt-bearer"];

        Assert.Equal(
            ["Clients (source):HandsOffTo of a pairwise client must name pairwise clients, but has 'web'."],
            Faults(Environments.Production, source, redeemer));

        (redeemer.SubjectType, redeemer.SectorIdentifier) = (SubjectType.Pairwise, "web.example");
        Assert.Empty(Faults(Environments.Production, source, redeemer));
    }

    [Fact]
    public void All_faults_of_all_clients_are_told_at_once()
    {
        var (first, second) = (Valid(), Valid());
        first.Scopes = ["two words"];
        first.GrantTypes = ["password"];
        second.Sites = ["nowhere"];

        var faults = Faults(Environments.Production, first, second);

        Assert.Equal(4, faults.Count);
        Assert.Contains(faults, f => f.Contains("Clients:0 (web):GrantTypes", StringComparison.Ordinal));
        Assert.Contains(faults, f => f.Contains("Clients:0 (web):Scopes", StringComparison.Ordinal));
        Assert.Contains(faults, f => f.Contains("Clients:1 (web):Sites", StringComparison.Ordinal));
        Assert.Contains("Clients: 'web' is registered 2 times.", faults);
    }

    private static ClientOptions Valid() => new()
    {
        ClientId = "web",
        Sites = ["contoso"],
        SecretHashes = [GoodHash],
        GrantTypes = ["refresh_token", "client_credentials"],
        Scopes = ["openid", "orders.read"],
        Resources = ["https://orders.example"],
        RedirectUris = ["https://app.contoso.com/callback", "com.contoso.app:/callback"],
        IdleLifetime = TimeSpan.FromHours(1),
        AbsoluteLifetime = TimeSpan.FromDays(365),
    };

    private static IReadOnlyList<string> AssertFault(Action<ClientOptions> spoil, string fault)
    {
        var client = Valid();
        spoil(client);
        var faults = Faults(Environments.Production, client);
        Assert.Contains(faults, f => f.Contains(fault, StringComparison.Ordinal));
        return faults;
    }

    private static IReadOnlyList<string> Faults(string environment, params ClientOptions[] clients)
    {
        var sites = new ConfigureOptions<SitesOptions>(
            s => s["contoso"] = new SiteOptions { Issuer = "https://auth.contoso.com", Resource = "https://api.contoso.com" });
        var resources = new ConfigureOptions<ResourcesOptions>(r => r["orders"] = new ResourceOptions { Audience = "https://orders.example" });
        var options = new ClientsOptions();
        options.AddRange(clients);
        return [.. new ClientsValidator(new HostEnvironment(environment), [sites], [resources]).Validate(null, options).Failures ?? []];
    }

    private sealed class HostEnvironment(string name) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;

        public string ApplicationName { get; set; } = "test";

        public string ContentRootPath { get; set; } = "/";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
