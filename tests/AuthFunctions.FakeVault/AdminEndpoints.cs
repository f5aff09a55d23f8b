namespace AuthFunctions.FakeVault;

/// <summary>The switches: faults, calls and the clock.</summary>
internal static class AdminEndpoints
{
    public static void Map(WebApplication app)
    {
        app.MapPost("/faults", (FaultJson body, FaultBoard faults) =>
        {
            var operation = body.Operation ?? FaultBoard.Any;
            if (!FaultBoard.Operations.Contains(operation, StringComparer.Ordinal)
                || body.Status is < 400 or > 599 || body.DelayMs < 0 || body.RetryAfter < 0 || body.Count < 1)
            {
                return Results.BadRequest(new { error = $"operation must be one of {string.Join(", ", FaultBoard.Operations)}; status 400 to 599." });
            }

            faults.Switch(new Fault(operation, body.Status, body.RetryAfter, body.DelayMs ?? 0, body.Drop ?? false, body.Count));
            return Results.NoContent();
        });
        app.MapDelete("/faults", (FaultBoard faults) =>
        {
            faults.Clear();
            return Results.NoContent();
        });
        app.MapGet("/calls", (CallCounts calls) => Results.Json(calls.Snapshot()));
        app.MapDelete("/calls", (CallCounts calls) =>
        {
            calls.Clear();
            return Results.NoContent();
        });
        app.MapGet("/clock", (VaultClock clock) => Results.Json(new { now = clock.UnixSeconds }));
        app.MapPost("/clock", (ClockJson body, VaultClock clock) =>
        {
            clock.Advance(body.AdvanceSeconds);
            return Results.Json(new { now = clock.UnixSeconds });
        });
    }

    private sealed record FaultJson(string? Operation, int? Status, int? RetryAfter, int? DelayMs, bool? Drop, int? Count);

    private sealed record ClockJson(long AdvanceSeconds);
}
