namespace AuthFunctions.Tests.Hostile;

/// <summary>Which rows may come of a hostile request: such as the operations make when they succeed, and no others.</summary>
internal static class Writers
{
    /// <summary>Rows that an operation makes at the most: of each kind, in one request that succeeds.</summary>
    private const int MostRows = 4;

    private const string Registering = "Register PostSignup PostVerify";
    private const string Mailing = Registering + " PostForgot PostUnlock ChangeEmail PostConfirmEmail ChangePassword PostReset DeleteAccount";

    private static readonly Dictionary<string, string> Of = new()
    {
        ["Users/user"] = Registering,
        ["UserEmails"] = Registering + " ChangeEmail PostConfirmEmail",
        ["PendingRegistrations"] = Registering,
        ["Users/session"] = Registering + " Login PostSignin Token GetHandoffAccept PostHandoffAccept Refresh",
        ["Users/code"] = "GetAuthorize PostAuthorize PostConsent",
        ["Users/consent"] = "PostConsent",
        ["Users/device"] = "PostDevice",
        ["Users/link"] = Mailing,
        ["Users/outbox"] = Mailing,
        ["Outbox"] = Mailing,
        ["Outbox/outbox"] = Mailing,
        ["PendingRegistrations/outbox"] = Mailing,
        ["PushedRequests"] = "Par",
        ["DeviceCodes"] = "DeviceAuthorization",
        ["SigningKeys"] = "RotateKeys RetireKey",
        ["DataProtection"] = "",
        ["DpopProofs"] = "Token",
        ["ClientAssertions"] = "Token Par",
    };

    /// <summary>The kinds of rows of which there are more than those who may make them have succeeded.</summary>
    /// <param name="grown">How many more there are than before.</param>
    /// <param name="answered">How often each operation had each answer: <c>Token 200</c>.</param>
    public static IEnumerable<string> Faults(IReadOnlyDictionary<string, int> grown, IReadOnlyDictionary<string, int> answered)
    {
        foreach (var (kind, rows) in grown.Where(g => g.Value > 0))
        {
            var most = kind switch
            {
                // Failures are counted for an account, a device or a person: of each there is one in a request, and one row.
                "Throttle" => answered.Values.Sum(),

                // A genuine handoff token in the wrong browser is burnt, which is a row too.
                "Users/handoff" => answered.Where(a => a.Key.Contains("HandoffAccept", StringComparison.Ordinal)).Sum(a => a.Value),

                // The audit trail tells of whatever succeeded, and is written with it.
                "Users/event" => MostRows * Succeeded(null),
                _ => MostRows * (Of.TryGetValue(kind, out var writers) ? Succeeded(writers.Split(' ')) : 0),
            };
            if (rows > most)
            {
                yield return $"{rows} rows of {kind}, where there may be {most}";
            }
        }

        int Succeeded(string[]? operations) => answered
            .Where(a => a.Key.Split(' ') is [var operation, ['2' or '3', ..]]
                && (operations is null || operations.Contains(operation, StringComparer.Ordinal)))
            .Sum(a => a.Value);
    }
}
