namespace AuthFunctions.EndToEnd.Fixtures;

/// <summary>Somebody with an account.</summary>
public sealed record Person(string Email, string Password, string Name)
{
    /// <summary>Somebody whom nobody knows yet.</summary>
    public static Person New() => new($"p{Guid.NewGuid().ToString("N")[..12]}@people.test", "a long enough password", "Test Person");
}
