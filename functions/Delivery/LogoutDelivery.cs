using System.Net;
using AuthFunctions.Clients;
using AuthFunctions.Events;
using AuthFunctions.Outbox;
using AuthFunctions.Sessions;
using AuthFunctions.Sites;
using AuthFunctions.Tokens;

namespace AuthFunctions.Delivery;

/// <summary>
/// Tells a client that sessions of its ended (OpenID Connect Back-Channel Logout §2.5): one logout token for each, signed when it goes out.
/// </summary>
public sealed class LogoutDelivery(ClientHttp http, TokenIssuer issuer, ClientDirectory clients, SiteDirectory sites) : IDelivery
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public string Kind => OutboxKinds.Logout;

    /// <inheritdoc/>
    public async Task<DeliveryOutcome> DeliverAsync(OutboxRow intent, string payload, CancellationToken ct)
    {
        var notice = LogoutNotice.Read(payload);
        DeliveryOutcome outcome = new DeliveryOutcome.Done(new(EventKinds.LogoutDelivered)
        {
            ClientId = notice.ClientId,
            SessionId = notice.Sessions is [var only] ? only.Id : null,
        });
        foreach (var ended in notice.Sessions)
        {
            switch (await TellAsync(notice.ClientId, ended, intent.Address.Partition, ct))
            {
                // Out for one is out for all. Another attempt tells of those before it once more, which ends nothing twice.
                case DeliveryOutcome.Failed failed:
                    return failed;

                case DeliveryOutcome.Rejected rejected:
                    outcome = rejected;
                    break;
            }
        }

        return outcome;
    }

    /// <summary>Null if the client has taken it.</summary>
    private async Task<DeliveryOutcome?> TellAsync(string clientId, EndedSession ended, string userId, CancellationToken ct)
    {
        if (sites.Find(ended.Site) is not { } site || clients.Find(site, clientId) is not { BackchannelLogoutUri: { } uri } client)
        {
            return new DeliveryOutcome.Rejected($"{clientId}: no such client, or nowhere to tell it");
        }

        var token = await issuer.LogoutTokenAsync(site, client, userId, SessionId.Parse(ended.Id), ct);
        using var request = new HttpRequestMessage(HttpMethod.Post, uri)
        {
            Content = new FormUrlEncodedContent([new("logout_token", token)]),
        };

        // Back-Channel Logout §2.8: 400 is the client's own word that it will not. Anything else may be a fault on the way, which passes.
        var answer = await http.SendAsync(request, Patience, ct);
        return answer.Status switch
        {
            HttpStatusCode.OK or HttpStatusCode.NoContent => null,
            HttpStatusCode.BadRequest => new DeliveryOutcome.Rejected($"{clientId}: status 400"),
            { } status => new DeliveryOutcome.Failed($"{clientId}: status {(int)status}"),
            null => new DeliveryOutcome.Failed($"{clientId}: {answer.Fault}"),
        };
    }
}
