using System.Xml;
using System.Xml.Linq;
using Azure.Core;

namespace Azure.Storage.Queues;

/// <summary>Reads the service's error bodies, which are XML or nothing.</summary>
internal sealed class QueueErrorParser : RequestFailedDetailsParser
{
    public override bool TryParse(Response response, out ResponseError error, out IDictionary<string, string> data)
    {
        data = null;
        error = null;
        if (response.ContentStream is not { Length: > 0 })
        {
            return false;
        }

        try
        {
            using var reader = XmlReader.Create(response.Content.ToStream());
            var root = XDocument.Load(reader).Root;
            error = new ResponseError(root.Element("Code")?.Value, root.Element("Message")?.Value);
            return true;
        }
        catch (XmlException)
        {
            // A proxy's page: the status alone has to do.
            return false;
        }
    }
}
