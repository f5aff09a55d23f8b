using AuthFunctions.Http;
using AuthFunctions.Sites;

namespace AuthFunctions.Pages;

/// <summary>What every component of a page knows.</summary>
/// <param name="Site">The site whose page it is.</param>
/// <param name="Texts">What to say.</param>
/// <param name="Assets">What the page loads.</param>
/// <param name="Problem">What went wrong, or null.</param>
/// <param name="AskedLanguage">The language that the address asked for, which forms and links pass on; null if none was asked.</param>
/// <param name="Here">The page's own address below the host; null if it is the answer to a form and cannot be opened again.</param>
public sealed record PageView(Site Site, PageTexts Texts, PageAssets Assets, Problem? Problem, string? AskedLanguage, string? Here);
