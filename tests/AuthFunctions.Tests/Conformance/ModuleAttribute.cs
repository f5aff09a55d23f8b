namespace AuthFunctions.Tests.Conformance;

/// <summary>The module of the OpenID Foundation's conformance suite that a test is modelled on.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ModuleAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
