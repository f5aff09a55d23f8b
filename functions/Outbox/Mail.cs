using System.Text.Json;
using System.Text.Json.Serialization;

namespace AuthFunctions.Outbox;

/// <summary>A mail to be sent: which, to whom, in what language. Its text is made when it is sent.</summary>
/// <remarks>Nothing that a stranger may choose is part of it, a name above all: it would be a way to send words of one's own to anybody.</remarks>
/// <param name="Template">One of <see cref="MailTemplates"/>.</param>
/// <param name="Site">The site in whose name it goes.</param>
/// <param name="To">The address.</param>
/// <param name="Language">One of the languages offered.</param>
public sealed record Mail(string Template, string Site, string To, string Language)
{
    /// <summary>The link in it, or null.</summary>
    public string? Link { get; init; }

    /// <summary>The secret of a link that is made when the mail is sent, because only then it shows whose it is; base64url, or null.</summary>
    public string? Secret { get; init; }

    /// <summary>The text of an outbox row.</summary>
    public string Write() => JsonSerializer.Serialize(this, OutboxJson.Default.Mail);

    /// <summary>What an outbox row holds.</summary>
    public static Mail Read(string payload) => JsonSerializer.Deserialize(payload, OutboxJson.Default.Mail)
        ?? throw new InvalidDataException("An outbox row holds no mail.");
}

/// <summary>The mails there are. Stored in rows that wait, so never renamed.</summary>
public static class MailTemplates
{
    /// <summary>Confirm a registration's address; goes as <see cref="AccountExists"/> where the address has an account.</summary>
    public const string Confirm = "Confirm";

    /// <summary>Somebody tried to register an address that has an account.</summary>
    public const string AccountExists = "AccountExists";

    /// <summary>Choose a new password.</summary>
    public const string Reset = "Reset";

    /// <summary>Let an unknown device sign in to an account that is under attack.</summary>
    public const string Unlock = "Unlock";

    /// <summary>The password is another.</summary>
    public const string PasswordChanged = "PasswordChanged";

    /// <summary>Confirm a new address; goes there.</summary>
    public const string EmailChange = "EmailChange";

    /// <summary>A new address was asked for; goes to the old one.</summary>
    public const string EmailChanging = "EmailChanging";

    /// <summary>The address is another; goes to both.</summary>
    public const string EmailChanged = "EmailChanged";

    /// <summary>The account is gone.</summary>
    public const string AccountDeleted = "AccountDeleted";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All =
        [Confirm, AccountExists, Reset, Unlock, PasswordChanged, EmailChange, EmailChanging, EmailChanged, AccountDeleted];
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Mail))]
internal sealed partial class OutboxJson : JsonSerializerContext;
