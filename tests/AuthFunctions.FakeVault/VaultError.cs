using System.Globalization;

namespace AuthFunctions.FakeVault;

/// <summary>Refusals as the vault words them: <c>{"error": {"code", "message", "innererror": {"code"}}}</c>.</summary>
internal static class VaultError
{
    public static IResult Unauthorized(string message) => Answer(401, "Unauthorized", message);

    public static IResult BadParameter(string message) => Answer(400, "BadParameter", message);

    public static IResult NotFound(string name) =>
        Answer(404, "KeyNotFound", $"A key with (name/id) {name} was not found in this key vault.");

    public static IResult Forbidden(string message, string? inner = null) => Answer(403, "Forbidden", message, inner);

    /// <summary>The refusal of a status that a fault asks for.</summary>
    public static IResult Of(int status) => status switch
    {
        401 => Unauthorized("The token is not accepted."),
        403 => Forbidden("The user, group or application does not have the permission.", "ForbiddenByRbac"),
        404 => NotFound("(switched off)"),
        429 => Answer(429, "Throttled", "Request was not processed because too many requests were received. Reason: VaultRequestTypeLimitReached"),
        500 => Answer(500, "InternalServerError", "An unexpected error occurred."),
        503 => Answer(503, "ServiceUnavailable", "The service is not available."),
        _ => Answer(status, "Fault" + status.ToString(CultureInfo.InvariantCulture), "A fault was switched on."),
    };

    private static IResult Answer(int status, string code, string message, string? inner = null) => Results.Json(
        inner is null
            ? new { error = (object)new { code, message } }
            : new { error = (object)new { code, message, innererror = new { code = inner } } },
        statusCode: status);
}
