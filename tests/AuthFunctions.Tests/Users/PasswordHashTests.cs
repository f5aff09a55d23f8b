using System.Buffers.Binary;
using AuthFunctions.Storage;
using AuthFunctions.Tests.Fixtures;
using AuthFunctions.Users;
using Microsoft.Extensions.DependencyInjection;
using static AuthFunctions.Tests.Fixtures.TestService;

namespace AuthFunctions.Tests.Users;

/// <summary>What is stored of a password, read from the bytes of ASP.NET Core Identity's format.</summary>
public class PasswordHashTests
{
    [Fact]
    public async Task By_default_it_is_220000_rounds_of_PBKDF2_with_HMAC_SHA_512_and_such_a_password_signs_in()
    {
        // The harness makes hashing cheap; here the product's own default is put back.
        await using var service = await StartAsync(adjust: services =>
            services.Configure<PasswordsOptions>(options => options.Iterations = new PasswordsOptions().Iterations));
        var email = NewEmail();
        using var browser = await service.SignedInAsync(email: email);

        var (marker, prf, iterations, saltLength, length) = Read(await HashAsync(service, email));

        // Version 3 of the format; KeyDerivationPrf.HMACSHA512 is 2.
        Assert.Equal((1, 2u, 220_000u, 16u, 13 + 16 + 32), (marker, prf, iterations, saltLength, length));
        using var login = await service.NewBrowser().PostAsync(Contoso + "/login", new { email, password = Password });
        Assert.Equal(200, (int)login.StatusCode);
    }

    [Fact]
    public async Task The_password_is_hashed_anew_on_sign_in_when_the_figure_rises_and_only_then()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var browser = await service.SignedInAsync(email: email);
        var before = await HashAsync(service, email);
        Assert.Equal(1000u, Read(before).Iterations);
        await using var stronger = await service.StartSecondAsync(new() { ["Passwords:Iterations"] = "2000" });

        using var wrong = await stronger.NewBrowser().PostAsync(Contoso + "/login", new { email, password = "wrong wrong wrong" });
        await wrong.RefusedAsync(401, "invalid_credentials");
        Assert.Equal(before, await HashAsync(service, email));

        using var login = await stronger.NewBrowser().PostAsync(Contoso + "/login", new { email, password = Password });
        Assert.Equal(200, (int)login.StatusCode);
        var after = await HashAsync(service, email);
        Assert.Equal(2000u, Read(after).Iterations);

        // An instance of the old figure leaves it as it is.
        using var old = await service.NewBrowser().PostAsync(Contoso + "/login", new { email, password = Password });
        Assert.Equal(200, (int)old.StatusCode);
        Assert.Equal(after, await HashAsync(service, email));
    }

    [Fact]
    public async Task People_who_sign_in_on_several_devices_at_once_when_the_figure_rises_all_get_in()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var browser = await service.SignedInAsync(email: email);
        await using var stronger = await service.StartSecondAsync(new() { ["Passwords:Iterations"] = "2000" });

        var logins = await Task.WhenAll(Enumerable.Range(0, 12).Select(
            _ => stronger.NewBrowser().PostAsync(Contoso + "/login", new { email, password = Password })));

        Assert.All(logins, login => Assert.Equal(200, (int)login.StatusCode));
        Assert.Equal(2000u, Read(await HashAsync(service, email)).Iterations);
    }

    [Fact]
    public async Task One_password_typed_on_two_keyboards_is_one()
    {
        await using var service = await StartAsync();
        var email = NewEmail();
        using var browser = service.NewBrowser();
        using var register = await browser.PostAsync(Contoso + "/register", new { email, password = "caf\u00e9 \ufb01ne and long enough" });
        Assert.Equal(201, (int)register.StatusCode);

        using var same = await browser.PostAsync(Contoso + "/login", new { email, password = "cafe\u0301 fine and long enough" });
        using var other = await browser.PostAsync(Contoso + "/login", new { email, password = "cafe fine and long enough" });

        Assert.Equal(200, (int)same.StatusCode);
        await other.RefusedAsync(401, "invalid_credentials");
    }

    [Fact]
    public async Task Two_people_of_one_password_have_two_hashes()
    {
        await using var service = await StartAsync();
        var (one, other) = (NewEmail(), NewEmail());
        using var first = await service.SignedInAsync(email: one);
        using var second = await service.SignedInAsync(email: other);

        Assert.NotEqual(await HashAsync(service, one), await HashAsync(service, other));
    }

    private static async Task<string> HashAsync(TestService service, string address)
    {
        Assert.True(EmailAddress.TryParse(address, out var email));
        var user = (await service.Get<UserDirectory>().FindAsync(email, default))!;
        return (await service.Table("Users").FindAsync(user.Id, "user", default))!.Text("PasswordHash");
    }

    private static (byte Marker, uint Prf, uint Iterations, uint SaltLength, int Length) Read(string hash)
    {
        var bytes = Convert.FromBase64String(hash);
        return (
            bytes[0], BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(1)), BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(5)),
            BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(9)), bytes.Length);
    }
}
