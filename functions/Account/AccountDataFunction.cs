using System.Text.Json;
using AuthFunctions.Tokens;
using AuthFunctions.Users;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Account;

/// <summary><c>GET /account/data</c>: all that is stored about the user, as a file.</summary>
public sealed class AccountDataFunction(ActorReader actors, UserData data)
{
    [Function("AccountData")]
    public async Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "account/data")] HttpRequest request, CancellationToken ct)
    {
        var found = await actors.ForReadAsync(request, ct);
        if (found is not Actor.Present actor)
        {
            await ((Actor.Absent)found).Refusal.ExecuteAsync(request.HttpContext);
            return;
        }

        var rows = await data.ReadAsync(actor.User.Id, ct);
        var response = request.HttpContext.Response;
        response.ContentType = "application/json; charset=utf-8";
        response.Headers.ContentDisposition = "attachment; filename=\"account.json\"";
        await using var json = new Utf8JsonWriter(response.BodyWriter.AsStream(leaveOpen: true), new JsonWriterOptions { Indented = true });
        Write(json, actor.User.Id, rows);
        await json.FlushAsync(ct);
    }

    private static void Write(Utf8JsonWriter json, string userId, IReadOnlyList<(string Key, IReadOnlyDictionary<string, object> Columns)> rows)
    {
        json.WriteStartObject();
        json.WriteString("user_id", userId);
        json.WriteStartArray("rows");
        foreach (var (key, columns) in rows)
        {
            json.WriteStartObject();
            json.WriteString("row", key);
            foreach (var (name, value) in columns)
            {
                Write(json, JsonNamingPolicy.SnakeCaseLower.ConvertName(name), value);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, object value)
    {
        switch (value)
        {
            case bool flag:
                json.WriteBoolean(name, flag);
                break;
            case int number:
                json.WriteNumber(name, number);
                break;
            case DateTimeOffset time:
                json.WriteString(name, time);
                break;
            default:
                json.WriteString(name, value.ToString());
                break;
        }
    }
}
