using AuthFunctions.Faults.Checking;

namespace AuthFunctions.Faults.Load;

/// <summary>demo-operator: blocks people, lets them in again, and ends their sessions.</summary>
internal sealed class Operator(Recorder recorder, ServiceClient client)
{
    private string? token;

    /// <summary>Forgets the access token: it is of keys that are no more, or will expire during a long scenario.</summary>
    public void Forget() => token = null;

    public Task<bool> BlockAsync(string user) => CommandAsync(Verb.Block, user, HttpMethod.Post, "block");

    public Task<bool> UnblockAsync(string user) => CommandAsync(Verb.Unblock, user, HttpMethod.Post, "unblock");

    public Task<bool> EndSessionsAsync(string user) => CommandAsync(Verb.EndByOperator, user, HttpMethod.Delete, "sessions");

    /// <summary>Insists on a command; false if it was given up.</summary>
    private async Task<bool> CommandAsync(Verb verb, string user, HttpMethod method, string command)
    {
        while (token is null)
        {
            var reply = await client.SendAsync(Requests.Form(
                ServiceClient.Contoso + "/token", "demo-operator", ("grant_type", "client_credentials"), ("scope", "auth.manage")));
            token = reply.Text("access_token");
            if (token is null)
            {
                await Task.Delay(200);
            }
        }

        var bearer = token;
        var (_, entry) = await recorder.InsistAsync(
            new Entry(verb, user),
            () => Requests.Json(method, $"{ServiceClient.Contoso}/manage/users/{user}/{command}", bearer: bearer),
            (reply, draft) => reply.Status == 204 ? draft : null);
        return entry.Outcome == Outcome.Done;
    }
}
