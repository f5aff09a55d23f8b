namespace AuthFunctions.Delivery;

/// <summary>A mail as it goes out.</summary>
/// <param name="Id">Of its intent: the same in every attempt, so that a receiver can tell a repetition.</param>
/// <param name="FromName">What people see as its sender.</param>
/// <param name="To">The address.</param>
/// <param name="Language">Its language.</param>
/// <param name="Subject">One line.</param>
/// <param name="Text">The plain part.</param>
/// <param name="Html">The same in HTML.</param>
public sealed record OutgoingMail(string Id, string FromName, string To, string Language, string Subject, string Text, string Html);

/// <summary>Hands mails over to whoever takes them on.</summary>
public interface IMailSender
{
    /// <summary>Hands one over.</summary>
    Task<DeliveryOutcome> SendAsync(OutgoingMail mail, CancellationToken ct);
}
