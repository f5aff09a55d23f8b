namespace Azure.Data.Tables;

/// <summary>One action of a transaction.</summary>
public class TableTransactionAction
{
    /// <summary>An action on no version of the entity: of use for an add only.</summary>
    public TableTransactionAction(TableTransactionActionType actionType, ITableEntity entity)
        : this(actionType, entity, default)
    {
    }

    /// <summary>An action on one version of the entity; without it a replace also inserts and a delete takes any version.</summary>
    public TableTransactionAction(TableTransactionActionType actionType, ITableEntity entity, ETag etag = default)
    {
        ActionType = actionType;
        Entity = entity;
        ETag = etag;
    }

    /// <summary>What it does.</summary>
    public TableTransactionActionType ActionType { get; }

    /// <summary>To which entity.</summary>
    public ITableEntity Entity { get; }

    /// <summary>On which version of it.</summary>
    public ETag ETag { get; }
}
