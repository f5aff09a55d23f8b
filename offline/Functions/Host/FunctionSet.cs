namespace AuthFunctions.Offline.Functions;

/// <summary>The app's functions, and why others could not be loaded.</summary>
internal sealed record FunctionSet(IReadOnlyList<LoadedFunction> Functions, IReadOnlyList<string> Faults);
