using AuthFunctions.Events;
using AuthFunctions.Http;
using AuthFunctions.Storage;
using AuthFunctions.Users;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.SignIn;

/// <summary>
/// Makes a device known by a mailed link: the way in for an owner on whose account so many guesses failed that unknown devices may not even
/// try. It signs nobody in, and the password is asked for all the same.
/// </summary>
public sealed class DeviceUnlock(LinkStore links, KnownDevices devices, EventStore events, [FromKeyedServices(TableNames.Users)] ITable table)
{
    /// <summary>Whether the link can be used. Changes nothing.</summary>
    public async Task<bool> IsAliveAsync(HttpRequest request, string? link, CancellationToken ct) =>
        await links.FindAsync(link, LinkPurposes.Unlock, request.Site().Name, ct) is not null;

    /// <summary>Uses the link, and makes this browser's device known. False if it was used before.</summary>
    public async Task<bool> UnlockAsync(HttpRequest request, string? link, CancellationToken ct)
    {
        var site = request.Site().Name;
        if (await links.FindAsync(link, LinkPurposes.Unlock, site, ct) is not var (used, user)
            || await table.CommitAsync(
                [links.Delete(used), events.Add(user.Id, new AuditEvent(EventKinds.DeviceAllowed) { Site = site })], ct) is not Commit.Done)
        {
            return false;
        }

        devices.Remember(request.HttpContext, null, user);
        return true;
    }
}
