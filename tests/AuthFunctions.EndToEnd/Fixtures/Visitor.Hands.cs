using System.Globalization;

namespace AuthFunctions.EndToEnd.Fixtures;

/// <content>What a visitor does on a page, by mouse or by keyboard.</content>
internal sealed partial class Visitor
{
    private const int MostStops = 80;

    /// <summary>Fills a field in.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="text">What to type.</param>
    /// <param name="action">The form's action, where the page has several.</param>
    public Task TypeAsync(string name, string text, string? action = null) =>
        TypeAsync(Page.Locator($"{Form(action)} input[name=\"{name}\"]:not([type=hidden])"), text);

    /// <summary>Fills a field in.</summary>
    public async Task TypeAsync(ILocator field, string text)
    {
        if (Manner == Manner.Keyboard)
        {
            await TabToAsync(field);
            await Page.Keyboard.PressAsync("ControlOrMeta+A");
            await Page.Keyboard.TypeAsync(text);
        }
        else
        {
            await field.FillAsync(text);
        }
    }

    /// <summary>Sends a form; the status of the page that comes of it.</summary>
    /// <param name="action">The form's action, where the page has several.</param>
    /// <param name="choice">The value of the button, where there are several.</param>
    public Task<int> SubmitAsync(string? action = null, string? choice = null) =>
        GoAsync(Page.Locator($"{Form(action)} button[type=submit]{(choice is null ? "" : $"[value=\"{choice}\"]")}"));

    /// <summary>Follows the first link that leads to an address with this in it.</summary>
    public Task<int> FollowAsync(string part) => GoAsync(Page.Locator($"a[href*=\"{part}\"]").First);

    /// <summary>Presses what leads to another page; that page's status.</summary>
    public async Task<int> GoAsync(ILocator control)
    {
        var page = Page;
        var status = 0;
        // What goes on after it must not go on inside the event, or the events that follow wait for it.
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        page.Response += OnResponse;
        page.FrameNavigated += OnNavigated;
        try
        {
            await PressAsync(control);
            await arrived.Task.WaitAsync(TimeSpan.FromSeconds(10));
            await page.WaitForLoadStateAsync();
            return status;
        }
        finally
        {
            page.Response -= OnResponse;
            page.FrameNavigated -= OnNavigated;
        }

        void OnResponse(object? sender, IResponse response)
        {
            if (response.Request.IsNavigationRequest && response.Frame == page.MainFrame)
            {
                status = response.Status;
            }
        }

        void OnNavigated(object? sender, IFrame frame)
        {
            if (frame == page.MainFrame)
            {
                arrived.TrySetResult();
            }
        }
    }

    /// <summary>Presses a button or link.</summary>
    public async Task PressAsync(ILocator control)
    {
        if (Manner == Manner.Keyboard)
        {
            await TabToAsync(control);
            await Page.Keyboard.PressAsync("Enter");
        }
        else
        {
            await control.ClickAsync();
        }
    }

    /// <summary>Signs in on the service's page; the status of the page that comes of it.</summary>
    public async Task<int> SignInAsync(Address site, Person person, string? returnTo = null)
    {
        await OpenAsync($"{site.Auth}/signin{(returnTo is null ? "" : "?return_to=" + Uri.EscapeDataString(returnTo))}");
        return await EnterAsync(person.Email, person.Password);
    }

    /// <summary>Fills in the sign-in page that is open, and sends it.</summary>
    public async Task<int> EnterAsync(string email, string password)
    {
        await TypeAsync("email", email);
        await TypeAsync("password", password);
        return await SubmitAsync("/signin");
    }

    private static string Form(string? action) => action is null ? "form" : $"form[action=\"{action}\"]";

    /// <summary>Goes on by Tab until the control has the focus. At each stop a person must see where they are.</summary>
    private async Task TabToAsync(ILocator target)
    {
        await target.WaitForAsync();
        for (var stops = 0; stops < MostStops; stops++)
        {
            if (await target.EvaluateAsync<bool>("e => e === document.activeElement"))
            {
                return;
            }

            await Page.Keyboard.PressAsync("Tab");
            var hidden = await Page.EvaluateAsync<string?>(
                """
                () => {
                  const e = document.activeElement;
                  if (!e || e === document.body || e === document.documentElement) return null;
                  const style = getComputedStyle(e);
                  const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
                  return outlined || style.boxShadow !== 'none' ? null : e.outerHTML;
                }
                """);
            Assert.True(hidden is null, $"The focus cannot be seen on {hidden}");
        }

        Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"{target} is not reached by {MostStops} presses of Tab."));
    }
}
