using AuthFunctions.Http;
using AuthFunctions.Protocol;
using AuthFunctions.Sessions;
using AuthFunctions.Telemetry;
using AuthFunctions.Users;
using Microsoft.AspNetCore.Http;

namespace AuthFunctions.SignIn;

/// <summary>A sign-in from the address as typed to the stored session; what <c>/login</c> and the sign-in page share.</summary>
public sealed class PasswordSignIn(CredentialChecker credentials, SessionOpener opener, KnownDevices devices)
{
    private const int MaxTries = 40;

    /// <summary>Signs in, and makes a browser's device known.</summary>
    public async Task<Opening> SignInAsync(HttpRequest request, string address, string password, Transport transport, CancellationToken ct)
    {
        var opening = await OpenAsync(request, address, password, transport, ct);
        AuthTelemetry.SignedIn(opening is Opening.Refused(var problem) ? problem.Code : "success");
        return opening;
    }

    private async Task<Opening> OpenAsync(HttpRequest request, string address, string password, Transport transport, CancellationToken ct)
    {
        if (!EmailAddress.TryParse(address, out var email))
        {
            return new Opening.Refused(EmailAddress.Malformed);
        }

        if (password.Length > 4 * PasswordPolicy.MaxLength)
        {
            return new Opening.Refused(Problem.InvalidRequest("password is too long.", "password") with { Text = new("password_too_long") });
        }

        for (var tries = 0; tries < MaxTries; tries++)
        {
            switch (await credentials.CheckAsync(request, email, password, ct))
            {
                case CredentialCheck.Right(var user, var deviceId):
                    var opening = await opener.OpenAsync(request, user, transport, [], ct);
                    if (opening is Opening.PasswordChanged)
                    {
                        // Another sign-in may have hashed it anew, which is no reason to refuse this one.
                        continue;
                    }

                    if (opening is Opening.Opened && transport == Transport.Cookie)
                    {
                        devices.Remember(request.HttpContext, deviceId, user);
                    }

                    return opening;

                case CredentialCheck.Refused(var problem):
                    return new Opening.Refused(problem);

                default:
                    throw new System.Diagnostics.UnreachableException();
            }
        }

        throw new OutageException("table Users");
    }
}
