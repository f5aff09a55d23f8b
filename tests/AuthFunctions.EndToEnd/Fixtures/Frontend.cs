using System.Text.RegularExpressions;

namespace AuthFunctions.EndToEnd.Fixtures;

/// <summary>What is to be seen and pressed on a demo frontend. It speaks English alone, so its buttons are found as a person finds them.</summary>
internal static class Frontend
{
    public static ILocator Button(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>The form to sign up with, which alone asks for a name.</summary>
    public static ILocator SignUp(IPage page) => page.Locator("form:has(input[name=name])");

    /// <summary>The form to sign in with.</summary>
    public static ILocator SignIn(IPage page) => page.Locator("form:has(input[autocomplete=current-password])");

    /// <summary>Waits until it shows who is signed in.</summary>
    public static Task ShowsAsync(IPage page, Person person) => Assertions.Expect(page.Locator("dl")).ToContainTextAsync(person.Email);

    /// <summary>Waits until it shows that nobody is.</summary>
    public static async Task ShowsNobodyAsync(IPage page)
    {
        await Assertions.Expect(SignIn(page)).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("dl")).ToHaveCountAsync(0);
    }

    /// <summary>Waits until it says something.</summary>
    public static Task SaysAsync(IPage page, string text) =>
        Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync(new Regex(Regex.Escape(text)));
}
