using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace AuthFunctions.Offline.Functions;

/// <summary>One invocation, for a request (<see cref="Http"/>), a timer (<see cref="Timer"/>) or a queue's message (<see cref="Message"/>).</summary>
internal sealed class LocalFunctionContext(LoadedFunction function, IServiceProvider services, CancellationToken cancellation)
    : FunctionContext
{
    public LoadedFunction Function => function;

    /// <summary>The request, before <see cref="WebIntegration"/> hands it to middleware and function.</summary>
    public HttpContext? Http { get; init; }

    public TimerInfo? Timer { get; init; }

    public string? Message { get; init; }

    /// <summary>What the function returned.</summary>
    public object? Result { get; set; }

    public override string InvocationId => field ??= Guid.NewGuid().ToString();

    public override string FunctionId => function.Definition.Id;

    public override TraceContext TraceContext => field ??= new LocalTraceContext();

    public override BindingContext BindingContext => field ??= new LocalBindingContext();

    public override RetryContext RetryContext => field ??= new LocalRetryContext();

    public override IServiceProvider InstanceServices { get; set; } = services;

    public override FunctionDefinition FunctionDefinition => function.Definition;

    public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();

    public override IInvocationFeatures Features => field ??= new InvocationFeatures();

    public override CancellationToken CancellationToken => cancellation;

    private sealed class LocalTraceContext : TraceContext
    {
        public override string TraceParent { get; } = Activity.Current?.Id ?? "";

        public override string TraceState { get; } = Activity.Current?.TraceStateString ?? "";
    }

    private sealed class LocalBindingContext : BindingContext
    {
        public override IReadOnlyDictionary<string, object?> BindingData => ImmutableDictionary<string, object?>.Empty;
    }

    private sealed class LocalRetryContext : RetryContext
    {
        public override int RetryCount => 0;

        public override int MaxRetryCount => 0;
    }
}
