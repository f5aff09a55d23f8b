using System.Reflection;

namespace AuthFunctions.Tests.Conformance;

/// <summary>Every module of a plan has one test, and no test claims a module that is in none.</summary>
public class PlanTests
{
    /// <summary>The modules as the suite listed them for each plan in 2026.</summary>
    private static readonly Dictionary<string, string[]> Plans = new(StringComparer.Ordinal)
    {
        ["oidcc-basic-certification-test-plan"] =
        [
            "oidcc-server", "oidcc-response-type-missing", "oidcc-idtoken-signature", "oidcc-idtoken-unsigned", "oidcc-userinfo-get",
            "oidcc-userinfo-post-header", "oidcc-userinfo-post-body", "oidcc-ensure-request-without-nonce-succeeds-for-code-flow",
            "oidcc-scope-profile", "oidcc-scope-email", "oidcc-scope-address", "oidcc-scope-phone", "oidcc-scope-all",
            "oidcc-alternate-happy-flow", "oidcc-display-page", "oidcc-display-popup", "oidcc-prompt-login", "oidcc-prompt-none-not-logged-in",
            "oidcc-prompt-none-logged-in", "oidcc-max-age-1", "oidcc-max-age-10000", "oidcc-ensure-request-with-unknown-parameter-succeeds",
            "oidcc-id-token-hint", "oidcc-login-hint", "oidcc-ui-locales", "oidcc-claims-locales",
            "oidcc-ensure-request-with-acr-values-succeeds", "oidcc-codereuse", "oidcc-codereuse-30seconds",
            "oidcc-ensure-registered-redirect-uri", "oidcc-ensure-post-request-succeeds", "oidcc-server-client-secret-post",
            "oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported",
            "oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported", "oidcc-claims-essential",
            "oidcc-ensure-request-object-with-redirect-uri", "oidcc-refresh-token", "oidcc-ensure-request-with-valid-pkce-succeeds",
        ],
        ["oidcc-config-certification-test-plan"] = ["oidcc-discovery-endpoint-verification"],
        ["oidcc-rp-initiated-logout-certification-test-plan"] =
        [
            "oidcc-rp-initiated-logout-discovery-endpoint-verification", "oidcc-rp-initiated-logout", "oidcc-rp-initiated-logout-no-state",
            "oidcc-rp-initiated-logout-no-post-logout-redirect-uri", "oidcc-rp-initiated-logout-no-params",
            "oidcc-rp-initiated-logout-only-state", "oidcc-rp-initiated-logout-bad-post-logout-redirect-uri",
            "oidcc-rp-initiated-logout-modified-id-token-hint", "oidcc-rp-initiated-logout-bad-id-token-hint",
            "oidcc-rp-initiated-logout-no-id-token-hint", "oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri",
        ],
        ["oidcc-backchannel-rp-initiated-logout-certification-test-plan"] =
            ["oidcc-backchannel-logout-discovery-endpoint-verification", "oidcc-backchannel-rp-initiated-logout"],
    };

    [Theory]
    [InlineData("oidcc-basic-certification-test-plan", 38)]
    [InlineData("oidcc-config-certification-test-plan", 1)]
    [InlineData("oidcc-rp-initiated-logout-certification-test-plan", 11)]
    [InlineData("oidcc-backchannel-rp-initiated-logout-certification-test-plan", 2)]
    public void Every_module_of_the_plan_has_its_test(string plan, int modules)
    {
        Assert.Equal(modules, Plans[plan].Length);
        Assert.Empty(Plans[plan].Except(Tested()));
    }

    [Fact]
    public void Every_test_is_of_a_module_in_a_plan_and_no_module_has_two()
    {
        var tested = Tested().ToList();

        Assert.Empty(tested.Except(Plans.Values.SelectMany(p => p)));
        Assert.Equal(tested.Distinct(), tested);
    }

    /// <summary>The modules of all tests that would run.</summary>
    private static IEnumerable<string> Tested() => typeof(PlanTests).Assembly.GetTypes()
        .SelectMany(t => t.GetMethods())
        .Where(m => m.GetCustomAttribute<FactAttribute>() is { Skip: null })
        .Select(m => m.GetCustomAttribute<ModuleAttribute>()?.Name)
        .OfType<string>();
}
