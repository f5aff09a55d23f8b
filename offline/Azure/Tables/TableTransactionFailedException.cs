using System.Globalization;

namespace Azure.Data.Tables;

/// <summary>A transaction was refused whole, because one of its actions was.</summary>
public class TableTransactionFailedException : RequestFailedException
{
    /// <summary>Reads the position of the action from the front of the service's message, as in <c>1:The entity exists.</c></summary>
    public TableTransactionFailedException(RequestFailedException requestFailedException)
        : base(
            requestFailedException?.Status ?? 0,
            requestFailedException?.Message,
            requestFailedException?.ErrorCode,
            requestFailedException?.InnerException)
    {
        var colon = Message.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0 && int.TryParse(Message.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var index))
        {
            FailedTransactionActionIndex = index;
        }
    }

    /// <summary>The position of the action that was refused; null if the service did not say.</summary>
    public int? FailedTransactionActionIndex { get; }
}
