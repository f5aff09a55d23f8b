using System.Text.Json;
using Microsoft.Net.Http.Headers;

namespace AuthFunctions.Faults.Load;

/// <summary>An answer, or that there was none.</summary>
internal sealed record Reply(int Status, JsonElement Body, string? Location, IReadOnlyList<SetCookieHeaderValue> Cookies)
{
    public static readonly Reply None = new(0, default, null, []);

    /// <summary>True if nobody can tell from it what was done: there is no answer, or the service says that it cannot serve.</summary>
    public bool IsUnknown => Status is 0 or 503;

    /// <summary>The stable <c>code</c> of a problem, or the <c>error</c> of OAuth.</summary>
    public string? Code => Text("code") ?? Text("error");

    public string? Text(string member) =>
        Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() : null;

    /// <summary>The value of a cookie that is set and not removed, or null.</summary>
    public string? Cookie(string name) =>
        Cookies.Where(c => c.Name == name && c.MaxAge > TimeSpan.Zero).Select(c => c.Value.ToString()).FirstOrDefault();
}
