using AuthFunctions.Clients;
using AuthFunctions.Protocol;
using AuthFunctions.Sessions;
using AuthFunctions.Storage;
using AuthFunctions.Users;
using Microsoft.Extensions.DependencyInjection;

namespace AuthFunctions.Authorize;

/// <summary>Issues authorization codes, bound to all that the request said and to the session that granted it.</summary>
public sealed class CodeIssuer(CodeStore codes, UserStore users, [FromKeyedServices(TableNames.Users)] ITable table, TimeProvider clock)
{
    /// <summary>RFC 6749 §4.1.2 allows ten minutes; a browser needs a moment.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    /// <summary>A code, or null if the user or the session changed meanwhile: look again who is signed in.</summary>
    public async Task<string?> IssueAsync(AuthorizationRequest request, FoundSession granting, IReadOnlyList<Change> also, CancellationToken ct)
    {
        var secret = Secret.New();
        var code = new CodeRow
        {
            UserId = granting.User.Id,
            Id = Id.New(),
            SecretHash = secret.Hash(),
            Site = request.Site,
            ClientId = request.ClientId,
            RedirectUri = request.RedirectUri,
            CodeChallenge = request.CodeChallenge,
            Scope = Scope.Parse(request.Scope),
            Nonce = request.Nonce,
            Resource = request.Resource,
            Claims = request.Claims,
            DpopKey = request.DpopKey,
            Epoch = granting.User.Epoch,
            GrantedBy = granting.Session.Id,
            ExpiresAt = clock.GetUtcNow() + Lifetime,
        };

        // The user row proves that no block and no sign-out everywhere came between; the session is asked again at redemption.
        return await table.CommitAsync([codes.Add(code), users.Replace(granting.User), .. also], ct) is Commit.Done
            ? new CodeHandle(code.UserId, code.Id, code.GrantedBy, secret).Write()
            : null;
    }
}
