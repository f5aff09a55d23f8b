using AuthFunctions.Users;
using Microsoft.AspNetCore.Identity;

namespace AuthFunctions.Tests.Fixtures;

/// <summary>Counts hash operations, to hold a sign-in to equal work.</summary>
internal sealed class CountingHasher(PasswordHasher<UserRow> inner) : IPasswordHasher<UserRow>
{
    private int operations;

    public int Operations => operations;

    public string HashPassword(UserRow user, string password)
    {
        Interlocked.Increment(ref operations);
        return inner.HashPassword(user, password);
    }

    public PasswordVerificationResult VerifyHashedPassword(UserRow user, string hashedPassword, string providedPassword)
    {
        Interlocked.Increment(ref operations);
        return inner.VerifyHashedPassword(user, hashedPassword, providedPassword);
    }
}
