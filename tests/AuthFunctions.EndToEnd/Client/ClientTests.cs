using AuthFunctions.EndToEnd.Fixtures;

namespace AuthFunctions.EndToEnd.Client;

/// <summary><c>@authfunctions/browser</c> in a real browser against the real service, on a page of the app's origin.</summary>
[Collection(OnStage.Name)]
public class ClientTests(Stage stage)
{
    private string Session => stage.Contoso.Auth + "/session";

    private string Refresh => stage.Contoso.Auth + "/refresh";

    [Fact]
    public async Task Signs_in_with_a_form_of_the_app_s_own_and_out_again_and_tells_other_tabs()
    {
        var person = await stage.RegisterAsync();
        await stage.VisitAsync(async visitor =>
        {
            var here = await LoadAsync(visitor);
            var there = await LoadAsync(visitor);
            Assert.Equal("null", await here.EvaluateAsync<string>("auth.session().then(JSON.stringify)"));
            Assert.Equal("null", await there.EvaluateAsync<string>("auth.session().then(JSON.stringify)"));

            Assert.Equal(person.Email, await here.EvaluateAsync<string>(
                "([email, password]) => auth.signIn({ email, password }).then(session => session.user.email)",
                new[] { person.Email, person.Password }));
            await HearsAsync(there, person.Email);
            Assert.Equal(person.Email, await there.EvaluateAsync<string>("auth.session({ fresh: true }).then(session => session.user.email)"));

            await there.EvaluateAsync("auth.signOut()");
            await HearsAsync(here, null);
            Assert.Equal("null", await here.EvaluateAsync<string>("auth.session().then(JSON.stringify)"));
            Assert.Equal(new string?[] { null, person.Email, null }, await here.EvaluateAsync<string?[]>("heard"));
            await visitor.AssertSignedInAsync(stage.Contoso, null);
        });
    }

    [Fact]
    public async Task A_wrong_password_is_an_error_with_a_code()
    {
        var person = await stage.RegisterAsync();
        await stage.VisitAsync(async visitor =>
        {
            var page = await LoadAsync(visitor);

            Assert.Equal("401 invalid_credentials", await page.EvaluateAsync<string>(
                "email => auth.signIn({ email, password: 'not the password' }).catch(error => `${error.status} ${error.code}`)", person.Email));
        });
    }

    [Fact]
    public Task Fetch_refreshes_once_and_asks_once_more() => stage.VisitAsync(async visitor =>
    {
        await SignInAsync(visitor);
        var page = await LoadAsync(visitor);
        stage.LetAccessTokensExpire();
        var asked = visitor.Count("GET", Session);

        Assert.Equal(200, await page.EvaluateAsync<int>("auth.fetch(auth.url + '/session').then(response => response.status)"));

        Assert.Equal((asked + 2, 1), (visitor.Count("GET", Session), visitor.Count("POST", Refresh)));
    });

    [Fact]
    public Task Fetch_gives_up_after_one_refresh_that_was_refused() => stage.VisitAsync(async visitor =>
    {
        await SignInAsync(visitor);
        var page = await LoadAsync(visitor);
        await page.EvaluateAsync("auth.session()");
        await visitor.EndElsewhereAsync(stage.Contoso);
        stage.LetAccessTokensExpire();
        var asked = visitor.Count("GET", Session);

        Assert.Equal(401, await page.EvaluateAsync<int>("auth.fetch(auth.url + '/session').then(response => response.status)"));

        Assert.Equal((asked + 1, 1), (visitor.Count("GET", Session), visitor.Count("POST", Refresh)));
        await HearsAsync(page, null);
    });

    [Fact]
    public async Task Sends_a_person_to_the_sign_in_page_and_back()
    {
        var person = await stage.RegisterAsync();
        await stage.VisitAsync(async visitor =>
        {
            await LoadAsync(visitor);
            await visitor.Page.EvaluateAsync("void auth.signIn({ returnTo: '/?back' })");
            await visitor.ArriveAsync(stage.Contoso.Auth + "/signin?");

            await visitor.EnterAsync(person.Email, person.Password);

            Assert.Equal(stage.Contoso.App + "/?back", visitor.Page.Url);
        });
    }

    [Fact]
    public Task Hands_the_session_over_to_another_site() => stage.VisitAsync(async visitor =>
    {
        var person = await SignInAsync(visitor);
        await LoadAsync(visitor);
        await visitor.Page.EvaluateAsync("void (document.body.onclick = () => auth.handoff('fabrikam'))");

        await visitor.GoAsync(visitor.Page.Locator("pre"));

        Assert.Equal(stage.Fabrikam.App + "/", visitor.Page.Url);
        await visitor.AssertSignedInAsync(stage.Fabrikam, person.Email);
    });

    /// <summary>Waits until a page was told who is signed in. Asked from here: polling in the page takes an eval, which its policy forbids.</summary>
    private static async Task HearsAsync(IPage page, string? email)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!await page.EvaluateAsync<bool>("email => heard.at(-1) === email", email))
        {
            await Task.Delay(20, patience.Token);
        }
    }

    /// <summary>Signs in, and comes to no page that has a client of its own.</summary>
    private async Task<Person> SignInAsync(Visitor visitor)
    {
        var person = await stage.RegisterAsync();
        await visitor.SignInAsync(stage.Contoso, person, stage.Contoso.App + "/config.json");
        return person;
    }

    /// <summary>Opens a tab with a client of its own, and a record of what <c>onChange</c> says.</summary>
    private async Task<IPage> LoadAsync(Visitor visitor)
    {
        var page = await visitor.NewTabAsync();

        // A page of the app's origin without the demo's own client, which would refresh too.
        await page.GotoAsync(stage.Contoso.App + "/config.json");
        await page.EvaluateAsync(
            """
            async url => {
              const { AuthClient } = await import('/client.js');
              globalThis.auth = new AuthClient(url);
              globalThis.heard = [];
              auth.onChange(session => heard.push(session && session.user.email));
            }
            """,
            stage.Contoso.Auth);
        return page;
    }
}
