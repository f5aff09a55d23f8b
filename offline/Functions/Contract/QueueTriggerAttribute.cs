using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Runs the function for each message of a queue; a message whose fifth run fails goes to <c>{queue}-poison</c>.</summary>
public sealed class QueueTriggerAttribute(string queueName) : TriggerBindingAttribute
{
    /// <summary>The queue, or <c>%Setting%</c>, the name of a setting that holds it.</summary>
    public string QueueName { get; private set; } = queueName;

    /// <summary>The setting that holds the connection; <c>AzureWebJobsStorage</c> by default.</summary>
    public string? Connection { get; set; }
}
