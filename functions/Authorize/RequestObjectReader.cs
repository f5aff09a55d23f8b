using System.Buffers.Text;
using System.Text.Json;
using AuthFunctions.Clients;
using AuthFunctions.Http;
using AuthFunctions.Protocol;
using AuthFunctions.Sites;
using Microsoft.Extensions.Primitives;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AuthFunctions.Authorize;

/// <summary>Opens signed request objects (RFC 9101): authorization requests that nobody between client and service can change.</summary>
public sealed class RequestObjectReader(ClientJwtVerifier verifier)
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    /// <summary>Claims that say something about the object and not about the request (RFC 9101 §4).</summary>
    private static readonly string[] OfTheObject =
    [
        JwtRegisteredClaimNames.Iss, JwtRegisteredClaimNames.Aud, JwtRegisteredClaimNames.Exp, JwtRegisteredClaimNames.Nbf,
        JwtRegisteredClaimNames.Iat, JwtRegisteredClaimNames.Jti,
    ];

    /// <summary>The parameters of the object, or why it is none of the client's.</summary>
    public async Task<(Fields? Fields, string? Fault)> ReadAsync(string text, OAuthClient client, Site site, CancellationToken ct)
    {
        // RFC 9101 §5.2 and §10.8: for this server alone, and of a type of its own, so that no other JWT of the client's passes for one.
        var (token, fault) = await verifier.VerifyAsync(text, client, [site.Issuer], ct);
        if (token is null)
        {
            return (null, fault);
        }

        if (token.Typ != JwtTypes.RequestObject)
        {
            return (null, "typ must be " + JwtTypes.RequestObject);
        }

        if (Parameters(token) is not { } parameters)
        {
            return (null, "a parameter is repeated, or of a type that no parameter has");
        }

        var fields = Fields.Of(parameters);

        // RFC 9101 §4: no object in an object; and no sub, which an assertion would have.
        return fields["request"] is not null || fields["request_uri"] is not null || fields["sub"] is not null
            ? (null, "request, request_uri or sub inside")
            : fields["client_id"] != client.ClientId ? (null, "client_id inside is another than outside")
            : (fields, null);
    }

    private static List<KeyValuePair<string, StringValues>>? Parameters(JsonWebToken token)
    {
        try
        {
            using var json = JsonDocument.Parse(Base64Url.DecodeFromChars(token.EncodedPayload), Strict);
            return
            [
                .. json.RootElement.EnumerateObject().Where(p => !OfTheObject.Contains(p.Name, StringComparer.Ordinal))
                    .Select(p => KeyValuePair.Create(p.Name, Value(p.Value))),
            ];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    /// <summary>RFC 9101 §4: texts and numbers as they are; <c>claims</c> is an object, and several <c>resource</c>s are an array.</summary>
    private static StringValues Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number or JsonValueKind.Object => value.GetRawText(),
        JsonValueKind.Array => new StringValues([.. value.EnumerateArray().Select(v => v.GetString())]),
        _ => throw new FormatException($"A parameter is {value.ValueKind}."),
    };
}
