using AuthFunctions.Clients;
using AuthFunctions.Http;
using AuthFunctions.Pages;
using AuthFunctions.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Authorize;

/// <summary><c>/consent</c>: asks the user whether a third party may have what it asks for.</summary>
public sealed class ConsentFunction(
    SealedRequests sealedRequests, ClientDirectory clients, ActorReader actors, AuthorizationFlow flow, PageForm form)
{
    [Function("Consent")]
    public async Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "consent")] HttpRequest request, CancellationToken ct)
    {
        var http = request.HttpContext;
        var fields = Fields.OfQuery(request);
        if (HttpMethods.IsPost(request.Method))
        {
            var (posted, refusal) = await form.ReadAsync(request, request.Site(), ct);
            if (posted is null)
            {
                await Page.ErrorAsync(http, refusal!);
                return;
            }

            fields = posted;
        }

        if (sealedRequests.Unseal(fields[SealedRequests.Parameter], request.Site().Name) is not { } asked
            || clients.Find(request.Site(), asked.ClientId) is not { } client
            || await actors.ForReadAsync(request, ct) is not Actor.Present actor)
        {
            await Page.ErrorAsync(http, Problem.InvalidRequest("This took too long, or you are signed out. Start again from the app.") with
            {
                Text = new("too_long"),
            });
        }
        else if (HttpMethods.IsGet(request.Method))
        {
            await ShowAsync(http, asked, actor);
        }
        else
        {
            await (fields["choice"] == "allow" ? flow.GrantAsync(request, asked, client, actor, ct) : flow.DenyAsync(request, asked));
        }
    }

    private Task ShowAsync(HttpContext http, AuthorizationRequest asked, Actor.Present actor) => Page.ShowAsync<ConsentPage>(
        http,
        null,
        new()
        {
            [nameof(ConsentPage.Client)] = asked.ClientId,
            [nameof(ConsentPage.Person)] = actor.User.DisplayName,
            [nameof(ConsentPage.Scopes)] = asked.AskedOfUser().Values,
            [nameof(ConsentPage.Sealed)] = sealedRequests.Seal(asked with { ShownTo = actor.Session.Id.ToString() }),
            [nameof(ConsentPage.Csrf)] = form.TokenFor(http),
        },
        [FormTarget.Of(asked.RedirectUri)]);
}
