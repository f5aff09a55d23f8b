using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using Azure.Core;

namespace Azure.Data.Tables;

/// <summary>Reads the service's error bodies: JSON as a rule, XML from its authorisation layer, sometimes nothing.</summary>
internal sealed class TableErrorParser : RequestFailedDetailsParser
{
    public override bool TryParse(Response response, out ResponseError error, out IDictionary<string, string> data)
    {
        data = null;
        error = null;
        if (response.ContentStream is not { Length: > 0 })
        {
            return false;
        }

        var body = response.Content;
        try
        {
            error = body.ToMemory().Span[0] == (byte)'<' ? FromXml(body) : FromJson(body);
        }
        catch (Exception e) when (e is JsonException or XmlException)
        {
            // A proxy's page: the status alone has to do.
            return false;
        }

        return error is not null;
    }

    private static ResponseError FromJson(BinaryData body)
    {
        using var document = JsonDocument.Parse(body.ToMemory());
        return document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty("odata.error", out var error)
            ? new ResponseError(error.GetProperty("code").GetString(), error.GetProperty("message").GetProperty("value").GetString())
            : null;
    }

    private static ResponseError FromXml(BinaryData body)
    {
        using var reader = XmlReader.Create(body.ToStream());
        var root = XDocument.Load(reader).Root;
        return new ResponseError(Text("code"), Text("message"));

        string Text(string name) =>
            root.Elements().FirstOrDefault(e => e.Name.LocalName.Equals(name, StringComparison.OrdinalIgnoreCase))?.Value;
    }
}
