namespace Azure.Data.Tables;

/// <summary>What an action of a transaction does.</summary>
public enum TableTransactionActionType
{
    /// <summary>Inserts; fails where the entity exists.</summary>
    Add = 0,

    /// <summary>Replaces the entity whole.</summary>
    UpdateReplace = 2,

    /// <summary>Deletes the entity.</summary>
    Delete = 3,
}
