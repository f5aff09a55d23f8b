namespace Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

/// <summary>Stands on the parameter whose arrival runs the function.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public abstract class TriggerBindingAttribute : BindingAttribute
{
    public TriggerBindingAttribute()
    {
    }
}
