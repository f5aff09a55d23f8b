using System.Security.Cryptography;
using System.Text;
using AuthFunctions.Clients;
using AuthFunctions.Protocol;
using AuthFunctions.Sessions;
using AuthFunctions.SigningKeys;
using AuthFunctions.Sites;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AuthFunctions.Tokens;

/// <summary>
/// What clients know users and sessions by. For most that is what the rows know them by; a client with pairwise subjects (OpenID Connect Core
/// §8) gets a <c>sub</c> of its sector's, and <c>sid</c>, codes and refresh tokens sealed, since these begin with the ids of user and root session.
/// </summary>
public sealed class Pseudonyms(PairwiseKeyStore keys, ClientDirectory clients)
{
    /// <summary>The prefix of sealed handles.</summary>
    public const string Prefix = "sealed_";

    /// <summary>The <c>sub</c> of a user for a client.</summary>
    public async ValueTask<string> SubjectAsync(Site site, string clientId, string userId, CancellationToken ct) =>
        clients.Find(site, clientId)?.Sector is { } sector
            ? Id.Write((await keys.GetAsync(ct)).Derive("pairwise subject", $"{sector}\n{userId}").Bytes)
            : userId;

    /// <summary>The <c>sid</c> of a session for a client: the session's own, or one that acts for it.</summary>
    public async ValueTask<string> SidAsync(Site site, string clientId, string userId, SessionId session, CancellationToken ct) =>
        clients.Find(site, clientId) is { Sector: not null } client
            ? Handle.Write("", await SealAsync(client, [.. Id.Read(userId), .. Encoding.ASCII.GetBytes(session.ToString())], ct))
            : session.ToString();

    /// <summary>The user and the session of one of this site's tokens, by its <c>sub</c> and <c>sid</c>; null if they are malformed.</summary>
    public async ValueTask<(string UserId, SessionId SessionId)?> FindAsync(
        Site site, string clientId, string subject, string sid, CancellationToken ct)
    {
        if (clients.Find(site, clientId) is not { Sector: not null } client)
        {
            return SessionId.TryParse(sid, out var plain) ? (subject, plain) : null;
        }

        return Handle.TryRead("", sid, out var bytes) && await UnsealAsync(client, bytes, ct) is { Length: > Id.Size } ids
            && SessionId.TryParse(Encoding.ASCII.GetString(ids.AsSpan()[Id.Size..]), out var id)
            ? (Id.Write(ids.AsSpan(0, Id.Size)), id)
            : null;
    }

    /// <summary>The user that an ID token of this site is about, whichever client it was made for; null if that cannot be told.</summary>
    public async ValueTask<string?> UserOfAsync(Site site, JsonWebToken idToken, CancellationToken ct) =>
        idToken.Audiences.FirstOrDefault() is { } clientId && idToken.TryGetPayloadValue<string>(JwtRegisteredClaimNames.Sid, out var sid)
            ? (await FindAsync(site, clientId, idToken.Subject, sid, ct))?.UserId
            : null;

    /// <summary>A code or refresh token as the client gets it.</summary>
    public async ValueTask<string> WriteAsync(OAuthClient client, string handle, CancellationToken ct) =>
        client.Sector is null ? handle : Handle.Write(Prefix, await SealAsync(client, Encoding.ASCII.GetBytes(handle), ct));

    /// <summary>The code or refresh token that a client presents; null if it was not given to this client.</summary>
    public async ValueTask<string?> ReadAsync(OAuthClient client, string? text, CancellationToken ct) =>
        client.Sector is null ? text
        : Handle.TryRead(Prefix, text, out var bytes) && await UnsealAsync(client, bytes, ct) is { } handle ? Encoding.ASCII.GetString(handle)
        : null;

    /// <summary>
    /// AES-256-GCM under a nonce that is a MAC of what is sealed, so that equal things look equal (a session keeps its <c>sid</c>) and no nonce ever
    /// meets two texts; bound to the client.
    /// </summary>
    private async ValueTask<byte[]> SealAsync(OAuthClient client, byte[] plain, CancellationToken ct)
    {
        var secret = await keys.GetAsync(ct);
        var nonce = HMACSHA256.HashData(secret.Derive("sealed nonce", client.ClientId).Bytes, plain)[..AesGcm.NonceByteSizes.MaxSize];
        var (sealedBytes, tag) = (new byte[plain.Length], new byte[AesGcm.TagByteSizes.MaxSize]);
        using var aes = new AesGcm(secret.Derive("sealed", client.ClientId).Bytes, tag.Length);
        aes.Encrypt(nonce, plain, sealedBytes, tag);
        return [.. nonce, .. sealedBytes, .. tag];
    }

    private async ValueTask<byte[]?> UnsealAsync(OAuthClient client, byte[] text, CancellationToken ct)
    {
        var (nonceSize, tagSize) = (AesGcm.NonceByteSizes.MaxSize, AesGcm.TagByteSizes.MaxSize);
        if (text.Length <= nonceSize + tagSize)
        {
            return null;
        }

        var plain = new byte[text.Length - nonceSize - tagSize];
        using var aes = new AesGcm((await keys.GetAsync(ct)).Derive("sealed", client.ClientId).Bytes, tagSize);
        try
        {
            aes.Decrypt(text.AsSpan(0, nonceSize), text.AsSpan(nonceSize, plain.Length), text.AsSpan(nonceSize + plain.Length), plain);
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            // Made up, or given to another client.
            return null;
        }
    }
}
