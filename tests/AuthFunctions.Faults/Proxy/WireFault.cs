namespace AuthFunctions.Faults.Proxy;

/// <summary>What happens to a request on its way to storage and back.</summary>
internal enum WireFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The request waits on its way, up to a second, now and then longer than anybody waits for it: it lands when it was given up.</summary>
    DelayRequest,

    /// <summary>The answer waits on its way, likewise.</summary>
    DelayAnswer,

    /// <summary>The connection ends before the request has arrived.</summary>
    DropRequest,

    /// <summary>The request arrives, and the connection ends in place of its answer.</summary>
    DropAnswer,

    /// <summary>The connection ends within the answer.</summary>
    Truncate,

    /// <summary>The answer comes twice.</summary>
    DuplicateAnswer,

    /// <summary>The request arrives twice, and its second answer comes back: the first one's doing looks like somebody else's.</summary>
    DuplicateRequest,

    /// <summary>The request is carried out and answered as failed.</summary>
    CommitThenFail,

    /// <summary>Refused for being too many: 503 or 429.</summary>
    Throttle,
}
