using AuthFunctions.Protocol;
using AuthFunctions.Sessions;
using AuthFunctions.Storage;
using Azure;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Authorize;

/// <summary>An authorization code (RFC 6749 §1.3.1), as row <c>code_{id}</c> holds it.</summary>
public sealed record CodeRow
{
    /// <summary>The user whose partition the row is in.</summary>
    public required string UserId { get; init; }

    /// <summary>128 random bits.</summary>
    public required string Id { get; init; }

    /// <summary>Hash of the code's secret.</summary>
    public required byte[] SecretHash { get; init; }

    /// <summary>The site it was issued at.</summary>
    public required string Site { get; init; }

    /// <summary>The client it was issued to.</summary>
    public required string ClientId { get; init; }

    /// <summary>The redirect URI it was sent to; the client must name it again.</summary>
    public required string RedirectUri { get; init; }

    /// <summary>RFC 7636 §4.2.</summary>
    public required string CodeChallenge { get; init; }

    /// <summary>What was granted.</summary>
    public required Scope Scope { get; init; }

    /// <summary>For the ID token.</summary>
    public string? Nonce { get; init; }

    /// <summary>The audience that was asked for, or null.</summary>
    public string? Resource { get; init; }

    /// <summary>Claims that the client has by name.</summary>
    public GrantedClaims Claims { get; init; } = GrantedClaims.None;

    /// <summary>Thumbprint of the key that redeems it (RFC 9449 §10); null where the request named none.</summary>
    public string? DpopKey { get; init; }

    /// <summary>The user's epoch when it was issued.</summary>
    public required int Epoch { get; init; }

    /// <summary>The browser's session that granted it.</summary>
    public required SessionId GrantedBy { get; init; }

    /// <summary>The session that it was redeemed for; null while it is unused.</summary>
    public SessionId? RedeemedFor { get; init; }

    /// <summary>When it can be redeemed no more.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The version that was read.</summary>
    public ETag ETag { get; init; }
}

/// <summary>Rows <c>code_{id}</c> of table <c>Users</c> (PartitionKey = user id). A used one is kept an hour, to tell its reuse.</summary>
public sealed class CodeStore([FromKeyedServices(TableNames.Users)] ITable users)
{
    private const string Prefix = "code_";
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    /// <summary>The code, used or not; null if there is none.</summary>
    public async Task<CodeRow?> FindAsync(string userId, string id, CancellationToken ct) =>
        await users.FindAsync(userId, Prefix + id, ct) is { } row ? Read(row) : null;

    /// <summary>A user's codes, used ones too.</summary>
    public ValueTask<List<CodeRow>> ListAsync(string userId, CancellationToken ct) =>
        users.RangeAsync(userId, Prefix, "code`", ct).Select(Read).ToListAsync(ct);

    /// <summary>The change that issues a code.</summary>
    public Change Add(CodeRow code) => new Change.Add(Write(code));

    /// <summary>The change that uses a code up, on the version that was read. A conflict means that another request did.</summary>
    public Change Redeem(CodeRow code, SessionId session) => new Change.Replace(Write(code with { RedeemedFor = session }));

    /// <summary>The change that makes a code worth nothing, on the version that was read. A conflict means that it was redeemed.</summary>
    public Change Delete(CodeRow code) => new Change.Delete(code.UserId, Prefix + code.Id, code.ETag);

    private static Row Write(CodeRow c) => new(c.UserId, Prefix + c.Id, Columns.Of(
        ("SecretHash", c.SecretHash), ("Site", c.Site), ("ClientId", c.ClientId), ("RedirectUri", c.RedirectUri), ("CodeChallenge", c.CodeChallenge),
        ("Scope", c.Scope.ToString()), ("Nonce", c.Nonce), ("Resource", c.Resource), ("DpopKey", c.DpopKey),
        ("IdTokenClaims", GrantedClaims.Write(c.Claims.IdToken)), ("UserInfoClaims", GrantedClaims.Write(c.Claims.UserInfo)),
        ("Epoch", c.Epoch), ("GrantedBy", c.GrantedBy.ToString()),
        ("RedeemedFor", c.RedeemedFor?.ToString()), ("ValidUntil", c.ExpiresAt), (Row.ExpiresAt, c.ExpiresAt + Kept)), c.ETag);

    private static CodeRow Read(Row row) => new()
    {
        UserId = row.Partition,
        Id = row.Key[Prefix.Length..],
        SecretHash = row.Bytes("SecretHash"),
        Site = row.Text("Site"),
        ClientId = row.Text("ClientId"),
        RedirectUri = row.Text("RedirectUri"),
        CodeChallenge = row.Text("CodeChallenge"),
        Scope = Scope.Parse(row.Text("Scope")),
        Nonce = row.OptionalText("Nonce"),
        Resource = row.OptionalText("Resource"),
        Claims = GrantedClaims.Parse(row.OptionalText("IdTokenClaims"), row.OptionalText("UserInfoClaims")),
        DpopKey = row.OptionalText("DpopKey"),
        Epoch = row.Number("Epoch"),
        GrantedBy = SessionId.Parse(row.Text("GrantedBy")),
        RedeemedFor = SessionId.TryParse(row.OptionalText("RedeemedFor"), out var id) ? id : null,
        ExpiresAt = row.Time("ValidUntil"),
        ETag = row.ETag,
    };
}
