using AuthFunctions.Tests.Authorize;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Tests.OpenApi;
using AuthFunctions.Tests.Tokens;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Hostile;

/// <summary>What attacks spoil: a valid request for each operation that there is, and tokens of somebody who may have them.</summary>
internal static class Templates
{
    /// <summary>
    /// A request for each operation of the contract, which has all routes. Its twin has just been sent over the wire and has succeeded, so that
    /// what is refused is refused for what was spoiled.
    /// </summary>
    public static async Task<IReadOnlyList<Draft>> ProvenAsync(Scene scene)
    {
        using var wire = new Wire();
        var drafts = new List<Draft>();
        foreach (var operation in OpenApiContract.Shared.Operations)
        {
            var (answer, make) = ValidCalls.All.Single(c => c.Key.Split(' ')[0] == operation.Id);
            var twin = await MakeAsync(operation, make);
            var reply = await wire.SendAsync(twin.Port, twin.Method, twin.Write());
            Assert.True(reply is not null, answer);
            Assert.Equal(answer, $"{operation.Id} {reply.Status} {reply.Header("Content-Type")?.Split(';')[0]}".TrimEnd());
            Assert.Empty(ReplyCheck.Faults(twin, reply));
            drafts.Add(await MakeAsync(operation, make));
        }

        return drafts;

        async Task<Draft> MakeAsync(Operation operation, Func<Scene, Task<Call>> make)
        {
            var call = await make(scene);
            using var browser = call.Browser;
            return await Draft.OfAsync(operation, call);
        }
    }

    /// <summary>Tokens, handles and sealed texts of each kind that somebody who is signed in, a client and an operator have.</summary>
    public static async Task<IReadOnlyList<string>> TokensAsync(TestService service)
    {
        using var browser = await service.SignedInAsync();
        var tokens = await browser.TokensAsync(("scope", "openid email offline_access"));
        var native = await service.NativeAsync();
        using var signedOut = service.NewBrowser();
        using var toSignIn = await signedOut.AuthorizeAsync();
        return
        [
            Ceremony.Text(tokens, "access_token"), Ceremony.Text(tokens, "refresh_token"), Ceremony.Text(tokens, "id_token"), native.AccessToken,
            native.RefreshToken,
            await browser.CodeAsync(), browser.Cookie(Contoso, "__Host-sid")!, browser.Cookie(Contoso, "__Host-device")!,
            Ceremony.Onwards(toSignIn, "/signin").Split("sealed%3D")[1].Split('&')[0], await service.ClientTokenAsync(OAuthCalls.Machine),
        ];
    }
}
