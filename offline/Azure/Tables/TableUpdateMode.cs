namespace Azure.Data.Tables;

/// <summary>How an update treats properties that it does not name.</summary>
public enum TableUpdateMode
{
    /// <summary>They stay.</summary>
    Merge = 0,

    /// <summary>They go.</summary>
    Replace = 1,
}
