namespace Microsoft.Azure.Functions.Worker;

/// <summary>Which platform key a request must carry. The local host asks for none, as the Functions tools do.</summary>
public enum AuthorizationLevel
{
    Anonymous = 0,
    User = 1,
    Function = 2,
    System = 3,
    Admin = 4,
}
