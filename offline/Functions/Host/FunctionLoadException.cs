namespace AuthFunctions.Offline.Functions;

/// <summary>Functions, or arguments of the host, that the real worker or tools would not take; every fault on a line.</summary>
internal sealed class FunctionLoadException(IEnumerable<string> faults)
    : Exception("The app cannot start:" + string.Concat(faults.Select(fault => Environment.NewLine + "  " + fault)));
