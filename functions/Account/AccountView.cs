using AuthFunctions.Events;
using AuthFunctions.Http;
using AuthFunctions.Pages;
using AuthFunctions.Protocol;
using AuthFunctions.Sessions;
using AuthFunctions.Sites;
using AuthFunctions.Tokens;
using AuthFunctions.Users;
using Microsoft.AspNetCore.Http;

namespace AuthFunctions.Account;

/// <summary>Shows the account page: where the user is signed in, what apps may have, what happened, and the forms that change something.</summary>
public sealed class AccountView(
    SessionStore sessions, ConsentStore consents, EventStore events, SiteDirectory sites, PasswordPolicy policy, PageForm form, TimeProvider clock)
{
    private const int MaxDevices = 20;
    private const int MaxEvents = 10;

    /// <summary>Shows it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="actor">Whose account.</param>
    /// <param name="problem">Why one of its forms, the one that the request sent, was refused; or null.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task ShowAsync(HttpRequest request, Actor.Present actor, Problem? problem, CancellationToken ct)
    {
        var userId = actor.User.Id;
        var listing = sessions.ListAsync(userId, ct);
        var consenting = consents.ListAsync(userId, ct).AsTask();
        var happening = events.LatestAsync(userId, MaxEvents, ct).AsTask();
        await Task.WhenAll(listing, consenting, happening);
        var trees = SessionTree.Of(actor.User, await listing, clock.GetUtcNow());
        await Page.ShowAsync<AccountPage>(
            request.HttpContext,
            problem,
            new()
            {
                [nameof(AccountPage.Person)] = actor.User.DisplayName,
                [nameof(AccountPage.Email)] = actor.User.Email,
                [nameof(AccountPage.Devices)] = Devices(trees, actor.Session.Id.Root),
                [nameof(AccountPage.MoreDevices)] = Math.Max(0, trees.Count - MaxDevices),
                [nameof(AccountPage.Consents)] = (await consenting).OrderByDescending(c => c.GivenAt)
                    .Select(c => new AccountPage.Consent(c.ClientId, c.Scope.Values, c.GivenAt)).ToList(),
                [nameof(AccountPage.Events)] = (await happening)
                    .Select(e => new AccountPage.Occurrence(e.Event.Kind, e.Event.Reason, e.Event.ClientId, NameOf(e.Event.Site), e.At)).ToList(),
                [nameof(AccountPage.MinLength)] = policy.MinLength,
                [nameof(AccountPage.FailedForm)] = problem is null ? null : request.Path.Value,
                [nameof(AccountPage.Csrf)] = form.TokenFor(request.HttpContext),
            },
            []);
    }

    /// <summary>The device that asks first, then by last use.</summary>
    private List<AccountPage.Device> Devices(IReadOnlyList<SessionTree> trees, SessionId current) =>
    [
        .. from tree in trees.OrderBy(t => t.Root.Id != current).Take(MaxDevices)
           let device = DeviceName.Of(tree.Root.Device)
           let client = tree.Root.ClientId == ClientIds.FirstParty ? null : tree.Root.ClientId
           select new AccountPage.Device(
               tree.Root.Id.ToString(),
               device.Browser,
               device.System,
               client,
               NameOf(tree.LastUsed.Site)!,
               tree.Root.CreatedAt,
               tree.LastUsed.LastUsedAt,
               tree.Root.Id == current),
    ];

    private string? NameOf(string? site) => sites.Find(site)?.DisplayName ?? site;
}
