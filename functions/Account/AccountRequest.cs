using AuthFunctions.Http;
using AuthFunctions.Tokens;
using Microsoft.AspNetCore.Http;

namespace AuthFunctions.Account;

/// <summary>
/// What the account's changes share: JSON from the site's apps, answered with 204, or a form of the account page, answered with that page; each
/// with its own protection against cross-site requests. Only a living session acts.
/// </summary>
public sealed class AccountRequest(ActorReader actors, PageForm form, AccountView view)
{
    /// <summary>Where the account page is.</summary>
    public const string Page = "/account";

    /// <summary>Reads the fields, all of them required, and lets the actor do it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="names">The fields.</param>
    /// <param name="act">Does it with the fields' values, in their order; null, or why not.</param>
    /// <param name="ct">Ends the wait.</param>
    public Task RunAsync(
        HttpRequest request, string[] names, Func<Actor.Present, string[], Task<Problem?>> act, CancellationToken ct) =>
        request.HasFormContentType ? ByFormAsync(request, names, act, ct) : ByJsonAsync(request, names, act, ct);

    private async Task ByJsonAsync(
        HttpRequest request, string[] names, Func<Actor.Present, string[], Task<Problem?>> act, CancellationToken ct)
    {
        var body = await JsonBody.ReadAsync(request, ct);
        string[] values = [.. names.Select(body.Required)];
        var actor = await actors.ForChangeAsync(request, ct);
        var refusal = (actor as Actor.Absent)?.Refusal ?? body.Fault ?? await act((Actor.Present)actor, values);
        await (refusal?.ExecuteAsync(request.HttpContext) ?? Answer.NoContent(request.HttpContext));
    }

    private async Task ByFormAsync(
        HttpRequest request, string[] names, Func<Actor.Present, string[], Task<Problem?>> act, CancellationToken ct)
    {
        var (fields, refusal) = await form.ReadAsync(request, request.Site(), ct);
        if (fields is null)
        {
            await Pages.Page.ErrorAsync(request.HttpContext, refusal!);
            return;
        }

        if (await actors.ForReadAsync(request, ct) is not Actor.Present actor)
        {
            await Pages.Page.ErrorAsync(request.HttpContext, Problem.SessionEnded("the account page's form came without a session"));
            return;
        }

        refusal = names.FirstOrDefault(name => fields[name] is null) is { } missing
            ? Problem.InvalidRequest($"{missing} is required.", missing) with { Text = new("required") }
            : await act(actor, [.. names.Select(name => fields[name]!)]);
        await (refusal switch
        {
            null => Answer.SeeOther(request.HttpContext, Page),
            { Status: StatusCodes.Status401Unauthorized } => Pages.Page.ErrorAsync(request.HttpContext, refusal),
            _ => view.ShowAsync(request, actor, refusal, ct),
        });
    }
}
