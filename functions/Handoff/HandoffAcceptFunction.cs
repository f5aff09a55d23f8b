using System.Buffers.Text;
using AuthFunctions.Http;
using AuthFunctions.Pages;
using AuthFunctions.Sessions;
using AuthFunctions.Telemetry;
using AuthFunctions.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace AuthFunctions.Handoff;

/// <summary>
/// <c>/handoff/accept</c>: step 3, at the target. Redeems the token; a POST answers the page that asked which of two persons to be.
/// </summary>
public sealed partial class HandoffAcceptFunction(
    HandoffAcceptor acceptor, HandoffCookies cookies, PendingSwitches switches, PageForm form, ActorReader actors, SessionEnder ender,
    TokenIssuer issuer, TimeProvider clock, ILogger<HandoffAcceptFunction> logger)
{
    /// <summary>What the source may report (step 2); anything else is not passed on to the app.</summary>
    private static readonly string[] SourceErrors = ["login_required", "interaction_required"];

    [Function("HandoffAccept")]
    public async Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "handoff/accept")] HttpRequest request, CancellationToken ct)
    {
        if (HandoffNavigation.Check(request) is { } refusal)
        {
            await Page.ErrorAsync(request.HttpContext, refusal);
        }
        else if (HttpMethods.IsPost(request.Method))
        {
            await ChooseAsync(request, ct);
        }
        else if (Fields.OfQuery(request) is { Fault: null } query && query["token"] is { } token && query["error"] is null)
        {
            await AnswerAsync(request, await acceptor.AcceptAsync(request, token, ct));
        }
        else
        {
            await ReportAsync(request);
        }
    }

    private async Task AnswerAsync(HttpRequest request, Acceptance acceptance)
    {
        var (http, site) = (request.HttpContext, request.Site());
        AuthTelemetry.HandedOff(acceptance switch
        {
            Acceptance.Refused(_, var error, _) => error,
            Acceptance.RefusedHere(var problem) => problem.Code,
            Acceptance.OtherPerson => "other_person",
            _ => "success",
        });
        switch (acceptance)
        {
            case Acceptance.Accepted(var state, _, var session, var accessToken, _):
                if (session is not null && accessToken is not null)
                {
                    SessionCookie.WriteNew(http, site, session, accessToken, clock);
                }

                await LeaveAsync(http, state, state.ReturnTo);
                break;

            case Acceptance.OtherPerson other:
                await AskAsync(http, other);
                break;

            case Acceptance.Refused(var state, var error, var reason):
                LogRefused(logger, error, reason);
                await LeaveAsync(http, state, QueryHelpers.AddQueryString(state.ReturnTo, "error", error));
                break;

            case Acceptance.RefusedHere(var problem):
                await Page.ErrorAsync(http, problem);
                break;
        }
    }

    /// <summary>The source could not hand over. Only the browser that began learns where that was to lead.</summary>
    private Task ReportAsync(HttpRequest request)
    {
        var query = Fields.OfQuery(request);
        return cookies.Find(request, query["nonce_hash"]) is { } state && SourceErrors.Contains(query["error"], StringComparer.Ordinal)
            ? LeaveAsync(request.HttpContext, state, QueryHelpers.AddQueryString(state.ReturnTo, "error", query["error"]!))
            : Page.ErrorAsync(request.HttpContext, Problem.InvalidRequest("This address needs a token, in the browser that began."));
    }

    private Task AskAsync(HttpContext http, Acceptance.OtherPerson other) => Page.ShowAsync<HandoffSwitchPage>(
        http,
        null,
        new()
        {
            [nameof(HandoffSwitchPage.Current)] = other.Current.User.DisplayName,
            [nameof(HandoffSwitchPage.Newcomer)] = other.Newcomer.DisplayName,
            [nameof(HandoffSwitchPage.Pending)] = switches.Seal(new PendingSwitch(
                other.Newcomer.Id, other.SessionId, other.State.Nonce, other.TokenId, other.Current.Session.Id, other.State.ReturnTo)),
            [nameof(HandoffSwitchPage.Csrf)] = form.TokenFor(http),
        },
        [FormTarget.Of(other.State.ReturnTo)]);

    private async Task ChooseAsync(HttpRequest request, CancellationToken ct)
    {
        var (http, site) = (request.HttpContext, request.Site());
        var (fields, refusal) = await form.ReadAsync(request, site, ct);
        if (fields is null)
        {
            await Page.ErrorAsync(http, refusal!);
            return;
        }

        // Whoever is signed in by now must be who the page named: nobody agreed to anything about a third person.
        if (switches.Unseal(fields["pending"]) is not { } pending
            || !pending.IsFor(SessionCookie.ReadSid(request))
            || await acceptor.FindHandedOverAsync(site, pending.UserId, pending.SessionId, pending.Nonce, pending.TokenId, ct)
                is not var (user, session))
        {
            var gone = Problem.SessionEnded("handoff: the waiting session is gone, or the page was another browser's or about another person");
            await Page.ErrorAsync(http, gone with { Detail = "That took too long. Start again from the app.", Text = new("too_long") });
            return;
        }

        if (fields["choice"] == "switch")
        {
            var accessToken = await issuer.AccessTokenAsync(site, user, session.Row, ct);

            // The other person's session ends before this browser is somebody else.
            if (await actors.ForReadAsync(request, ct) is Actor.Present current && current.Session.Id != session.Row.Id)
            {
                await ender.EndAsync(current.Session, EndReasons.Replaced, ct);
            }

            SessionCookie.WriteNew(http, site, session, accessToken, clock);
        }
        else
        {
            await ender.EndAsync(session.Row, EndReasons.EndedByUser, ct);
        }

        SessionCookie.DeleteHandoff(http, Base64Url.EncodeToString(pending.Nonce.Hash()));
        await Answer.SeeOther(http, pending.ReturnTo);
    }

    private static Task LeaveAsync(HttpContext http, HandoffState state, string url)
    {
        SessionCookie.DeleteHandoff(http, state.NonceHash);
        return Answer.SeeOther(http, url);
    }

    [LoggerMessage(1, LogLevel.Information, "Refused with {Code}: {Reason}")]
    private static partial void LogRefused(ILogger logger, string code, string reason);
}
