namespace AuthFunctions.SignIn;

/// <summary>
/// Shows confirmation links to whoever runs the local service. No other service may have registrations wait
/// (<see cref="SignInRegistration"/>).
/// </summary>
public sealed class ConfirmationPrinter(TextWriter console)
{
    /// <summary>Prints a link. Not a log line: logs are kept and shared, and the link is a secret.</summary>
    public void Print(string link) => console.WriteLine($"To confirm the registration, open {link}");
}
