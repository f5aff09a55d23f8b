using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;

namespace AuthFunctions.FakeVault;

/// <summary>The REST protocol of a vault's keys.</summary>
internal static class KeyEndpoints
{
    public static void Map(WebApplication app)
    {
        app.MapGet("/keys/{name}/{version?}", Get).WithMetadata(new Gate.OperationName("get"));
        app.MapGet("/keys/{name}/versions", List).WithMetadata(new Gate.OperationName("list"));
        app.MapPost("/keys/{name}/create", Create).WithMetadata(new Gate.OperationName("create"));
        app.MapPost("/keys/{name}/rotate", Rotate).WithMetadata(new Gate.OperationName("rotate"));
        app.MapPatch("/keys/{name}/{version}", Update).WithMetadata(new Gate.OperationName("update"));

        // Without a version, the newest does it.
        foreach (var key in new[] { "/keys/{name}", "/keys/{name}/{version}" })
        {
            app.MapPost(key + "/sign", Sign).WithMetadata(new Gate.OperationName("sign"));
            app.MapPost(key + "/wrapkey", Wrap).WithMetadata(new Gate.OperationName("wrap"));
            app.MapPost(key + "/unwrapkey", Unwrap).WithMetadata(new Gate.OperationName("unwrap"));
        }
    }

    // A disabled key is still shown: what it may not do is sign and unwrap.
    private static IResult Get(string name, string? version, HttpRequest request, KeyChain keys) =>
        keys.TryFind(name, version, out var found) ? Bundle(request, name, found) : VaultError.NotFound(name);

    private static IResult List(string name, HttpRequest request, KeyChain keys, VaultOptions options)
    {
        if (keys.List(name) is not { } versions)
        {
            return VaultError.NotFound(name);
        }

        // Continued after a name, not at a number: a version made meanwhile then moves nothing.
        var after = request.Query["$skiptoken"].ToString();
        var rest = versions.Where(v => string.CompareOrdinal(v.Version, after) > 0).ToList();
        var most = int.TryParse(request.Query["maxresults"], NumberStyles.None, CultureInfo.InvariantCulture, out var asked)
            ? Math.Clamp(asked, 1, options.PageSize)
            : options.PageSize;
        var page = rest.Take(most).ToList();
        var next = rest.Count > page.Count
            ? $"{Root(request)}/keys/{name}/versions?api-version={request.Query["api-version"]}&$skiptoken={page[^1].Version}&maxresults={most}"
            : null;
        return Results.Json(new PageJson([.. page.Select(v => new ItemJson(Kid(request, name, v), v.Attributes()))], next));
    }

    private static IResult Create(string name, CreateJson body, HttpRequest request, KeyChain keys, VaultClock clock)
    {
        var kind = body switch
        {
            { Kty: "EC", Crv: null or "P-256" } => KeyKind.Ec,
            { Kty: "RSA", KeySize: null or 3072 } => KeyKind.Rsa,
            _ => (KeyKind?)null,
        };
        if (kind is null)
        {
            return VaultError.BadParameter("This vault makes EC keys on P-256 and RSA keys of 3072 bits.");
        }

        var made = keys.Create(name, kind.Value, body.KeyOps);
        made.Update(body.Attributes, operations: null, clock.UnixSeconds);
        return Bundle(request, name, made);
    }

    private static IResult Rotate(string name, HttpRequest request, KeyChain keys) =>
        keys.Rotate(name) is { } made ? Bundle(request, name, made) : VaultError.NotFound(name);

    private static IResult Update(string name, string version, UpdateJson body, HttpRequest request, KeyChain keys, VaultClock clock)
    {
        if (!keys.TryFind(name, version, out var found))
        {
            return VaultError.NotFound($"{name}/{version}");
        }

        found.Update(body.Attributes, body.KeyOps, clock.UnixSeconds);
        return Bundle(request, name, found);
    }

    private static IResult Sign(string name, string? version, CryptoJson body, HttpRequest request, KeyChain keys, VaultClock clock) =>
        Use(new("sign", KeyKind.Ec, "ES256"), name, version, body, request, keys, clock, (key, digest) =>
            digest.Length == SHA256.HashSizeInBytes ? key.Sign(digest) : null);

    private static IResult Wrap(string name, string? version, CryptoJson body, HttpRequest request, KeyChain keys, VaultClock clock) =>
        Use(new("wrapKey", KeyKind.Rsa, "RSA-OAEP-256"), name, version, body, request, keys, clock, (key, value) => key.Wrap(value));

    private static IResult Unwrap(string name, string? version, CryptoJson body, HttpRequest request, KeyChain keys, VaultClock clock) =>
        Use(new("unwrapKey", KeyKind.Rsa, "RSA-OAEP-256"), name, version, body, request, keys, clock, (key, value) => key.Unwrap(value));

    private static IResult Use(
        Usage usage,
        string name,
        string? version,
        CryptoJson body,
        HttpRequest request,
        KeyChain keys,
        VaultClock clock,
        Func<KeyVersion, byte[], byte[]?> work)
    {
        if (!keys.TryFind(name, version, out var key))
        {
            return VaultError.NotFound(version is null ? name : $"{name}/{version}");
        }

        if (Refusal(usage.Operation, key, clock.UnixSeconds) is { } refusal)
        {
            return refusal;
        }

        if (key.Kind != usage.Kind || body.Alg != usage.Algorithm)
        {
            return VaultError.BadParameter($"Key and algorithm {body.Alg} do not fit.");
        }

        try
        {
            return work(key, Base64Url.DecodeFromChars(body.Value ?? "")) is { } result
                ? Results.Json(new CryptoResultJson(Kid(request, name, key), Base64Url.EncodeToString(result)))
                : VaultError.BadParameter("Invalid length of 'value'.");
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            return VaultError.BadParameter("'value' cannot be used: " + e.Message);
        }
    }

    private static IResult? Refusal(string operation, KeyVersion key, long now)
    {
        if (!key.Operations.Contains(operation, StringComparer.Ordinal))
        {
            return VaultError.Forbidden($"Operation {operation} is not permitted on this key.", "KeyOperationForbidden");
        }

        // What only needs the public part is allowed on a disabled key, and what opens old data on an expired one.
        if (!key.Enabled && operation != "wrapKey")
        {
            return VaultError.Forbidden($"Operation {operation} is not allowed on a disabled key.", "KeyDisabled");
        }

        return operation == "unwrapKey" ? null
            : now < key.NotBefore ? VaultError.Forbidden($"Operation {operation} is not allowed on a key that is not yet valid.", "KeyNotYetValid")
            : now >= key.Expires ? VaultError.Forbidden($"Operation {operation} is not allowed on an expired key.", "KeyExpired")
            : null;
    }

    private static IResult Bundle(HttpRequest request, string name, KeyVersion version) =>
        Results.Json(new BundleJson(version.Material(Kid(request, name, version)), version.Attributes()));

    private static string Kid(HttpRequest request, string name, KeyVersion version) => $"{Root(request)}/keys/{name}/{version.Version}";

    private static string Root(HttpRequest request) => $"https://{request.Host}";

    private sealed record Usage(string Operation, KeyKind Kind, string Algorithm);
}
