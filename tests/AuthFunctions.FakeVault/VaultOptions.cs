using System.Globalization;
using System.Security.Cryptography;

namespace AuthFunctions.FakeVault;

/// <summary>What the command line says.</summary>
internal sealed record VaultOptions
{
    private const string Usage = """
        Usage: AuthFunctions.FakeVault [options]
          --port N                 port of the vault, https on 127.0.0.1; 0, the default, takes a free one
          --identity-port N        port of the identity endpoint and the switches, http on 127.0.0.1; 0 by default
          --identity-header TEXT   what a request for a token must send as X-IDENTITY-HEADER; made up by default
          --certificate-file PATH  where to write the vault's certificate (PEM), for clients to trust
          --key NAME:EC|RSA        a key to make at the start (P-256 to sign, RSA 3072 to wrap); may be repeated
          --resource URL           for what the challenge asks tokens; https://vault.azure.net by default
          --page-size N            versions on a page of a list, 1 to 25; 25 by default
          --until-input-ends       stop when standard input ends, and so with the process that started this one
        Prints one line of JSON once it listens: vault, admin, identity_endpoint, identity_header.
        """;

    public int Port { get; private init; }

    public int IdentityPort { get; private init; }

    public string IdentityHeader { get; private init; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    public string? CertificateFile { get; private init; }

    public IReadOnlyList<(string Name, KeyKind Kind)> Keys { get; private init; } = [];

    public Uri Resource { get; private init; } = new("https://vault.azure.net");

    public int PageSize { get; private init; } = 25;

    public bool UntilInputEnds { get; private init; }

    /// <summary>Null where the arguments are wrong, or help was asked for; what to do is then written to <paramref name="errors"/>.</summary>
    public static VaultOptions? Parse(string[] args, TextWriter errors)
    {
        var options = new VaultOptions();
        for (var i = 0; i < args.Length; i++)
        {
            var name = args[i];
            if (name == "--until-input-ends")
            {
                options = options with { UntilInputEnds = true };
                continue;
            }

            if (++i == args.Length || With(options, name, args[i]) is not { } next)
            {
                errors.WriteLine(name is "--help" or "-h" ? Usage : $"Not understood: {string.Join(' ', name, i < args.Length ? args[i] : "")}\n{Usage}");
                return null;
            }

            options = next;
        }

        return options;
    }

    private static VaultOptions? With(VaultOptions options, string name, string value) => name switch
    {
        "--port" when Number(value, 0, 65535) is { } port => options with { Port = port },
        "--identity-port" when Number(value, 0, 65535) is { } port => options with { IdentityPort = port },
        "--identity-header" when value.Length > 0 => options with { IdentityHeader = value },
        "--certificate-file" => options with { CertificateFile = value },
        "--key" when Key(value) is { } key => options with { Keys = [.. options.Keys, key] },
        "--resource" when Uri.TryCreate(value, UriKind.Absolute, out var resource) => options with { Resource = resource },
        "--page-size" when Number(value, 1, 25) is { } size => options with { PageSize = size },
        _ => null,
    };

    private static int? Number(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : null;

    private static (string, KeyKind)? Key(string text) => text.Split(':') switch
    {
        [{ Length: > 0 } name, "EC"] => (name, KeyKind.Ec),
        [{ Length: > 0 } name, "RSA"] => (name, KeyKind.Rsa),
        _ => null,
    };
}
