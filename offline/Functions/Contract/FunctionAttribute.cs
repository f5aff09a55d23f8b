namespace Microsoft.Azure.Functions.Worker;

/// <summary>Marks a public method as a function and names it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public class FunctionAttribute(string name) : Attribute
{
    /// <summary>A letter, then letters, digits, <c>_</c> and <c>-</c>; at most 127; unique in the app in any case.</summary>
    public string Name { get; } = name;
}
