using Azure;

namespace AuthFunctions.Storage;

/// <summary>One change of a commit. There is no merge: a null in a merge would not clear the stored column.</summary>
public abstract record Change
{
    private Change()
    {
    }

    /// <summary>PartitionKey of the row that changes.</summary>
    public abstract string Partition { get; }

    /// <summary>RowKey of the row that changes.</summary>
    public abstract string Key { get; }

    /// <summary>Inserts a row. A conflict if one is there already.</summary>
    public sealed record Add(Row Row) : Change
    {
        /// <inheritdoc/>
        public override string Partition => Row.Partition;

        /// <inheritdoc/>
        public override string Key => Row.Key;
    }

    /// <summary>Replaces the row whole, on the <see cref="Row.ETag"/> that was read. A conflict if it changed or went since.</summary>
    public sealed record Replace(Row Row) : Change
    {
        /// <inheritdoc/>
        public override string Partition => Row.Partition;

        /// <inheritdoc/>
        public override string Key => Row.Key;
    }

    /// <summary>Deletes a row on the ETag that was read. A conflict if it changed or went since.</summary>
    public sealed record Delete(string Partition, string Key, ETag ETag) : Change
    {
        /// <inheritdoc/>
        public override string Partition { get; } = Partition;

        /// <inheritdoc/>
        public override string Key { get; } = Key;
    }
}
