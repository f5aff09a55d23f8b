using AuthFunctions.Clients;
using AuthFunctions.Http;
using AuthFunctions.Pages;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Authorize;

/// <summary>
/// <c>/authorize</c>: the authorization endpoint (RFC 6749 §3.1). A POST becomes a GET with the request sealed, because a cross-site POST arrives
/// without the session's Lax cookie.
/// </summary>
public sealed class AuthorizeFunction(
    AuthorizationRequestReader reader, PushedRequestStore pushed, AuthorizationFlow flow, AuthorizationResponse response,
    SealedRequests sealedRequests,
    ClientDirectory clients, TimeProvider clock)
{
    [Function("Authorize")]
    public async Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "authorize")] HttpRequest request, CancellationToken ct)
    {
        var site = request.Site();
        var isPost = HttpMethods.IsPost(request.Method);
        var fields = isPost ? await Fields.ReadAsync(request, ct) : Fields.OfQuery(request);
        if (!isPost && fields[SealedRequests.Parameter] is { } text)
        {
            // Back from sign-in or consent, or from a POST.
            await (sealedRequests.Unseal(text, site.Name) is { } resumed && clients.Find(site, resumed.ClientId) is { } known
                ? flow.ContinueAsync(request, resumed, known, ct)
                : Page.ErrorAsync(
                    request.HttpContext,
                    Problem.InvalidRequest("This sign-in took too long. Start again from the app.") with { Text = new("too_long") }));
            return;
        }

        switch (await ReadAsync(fields, request, ct))
        {
            case AuthorizationRequestReading.Valid(var valid, _) when isPost:
                await Answer.SeeOther(
                    request.HttpContext, QueryHelpers.AddQueryString("/authorize", SealedRequests.Parameter, sealedRequests.Seal(valid)));
                break;

            case AuthorizationRequestReading.Valid(var valid, var client):
                await flow.ContinueAsync(request, valid, client, ct);
                break;

            case AuthorizationRequestReading.Faulty(var redirectUri, var mode, var state, var error):
                await response.SendAsync(request.HttpContext, site, redirectUri, mode, state, error);
                break;

            case AuthorizationRequestReading.Untrusted(var problem):
                await Page.ErrorAsync(request.HttpContext, problem);
                break;
        }
    }

    /// <summary>The request itself, or the one that was pushed before (RFC 9126 §4).</summary>
    private async Task<AuthorizationRequestReading> ReadAsync(Fields fields, HttpRequest request, CancellationToken ct)
    {
        var site = request.Site();
        if (fields["request_uri"]?.StartsWith(PushedRequestHandle.UriPrefix, StringComparison.Ordinal) == true)
        {
            return PushedRequestHandle.ReadUri(fields["request_uri"]) is { } handle
                && clients.Find(site, fields["client_id"]) is { } client
                && await pushed.TakeAsync(handle, site.Name, client.ClientId, ct) is { } sealedRequest
                && sealedRequests.Unseal(sealedRequest, site.Name) is { } found

                // The browser comes with it now; who signed in between the push and this moment has not signed in for it.
                ? new AuthorizationRequestReading.Valid(found with { RequestedAt = clock.GetUtcNow() }, client)
                : new AuthorizationRequestReading.Untrusted(Problem.InvalidRequest("request_uri is unknown, used or expired.", "request_uri"));
        }

        var reading = await reader.ReadAsync(fields, site, ct);
        return reading is AuthorizationRequestReading.Valid({ } valid, { RequirePushedAuthorizationRequests: true })
            ? new AuthorizationRequestReading.Faulty(
                valid.RedirectUri,
                valid.ResponseMode,
                valid.State,
                Protocol.OAuthError.InvalidRequest("this client must push its requests (RFC 9126)"))
            : reading;
    }
}
