using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Data.Tables;

/// <summary>Signs each try of a request with the account key, by the scheme SharedKeyLite of the table service.</summary>
internal sealed class SharedKeyLitePolicy(string account, byte[] key) : HttpPipelineSynchronousPolicy
{
    public override void OnSendingRequest(HttpMessage message)
    {
        var date = DateTimeOffset.UtcNow.ToString("R", CultureInfo.InvariantCulture);

        // The resource is the account and the path as sent, so on an emulator, whose paths begin with it, the account twice.
        var toSign = $"{date}\n/{account}{message.Request.Uri.ToUri().AbsolutePath}";
        var signature = Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)));

        message.Request.Headers.SetValue("x-ms-date", date);
        message.Request.Headers.SetValue("Authorization", $"SharedKeyLite {account}:{signature}");
    }
}
