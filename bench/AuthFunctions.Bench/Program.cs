using System.Text.Json;
using AuthFunctions.Bench;

// load: reads a plan from standard input and prints what it measured. floor PORT: serves what nothing can undercut.
switch (args)
{
    case ["load"]:
        var plan = await JsonSerializer.DeserializeAsync(Console.OpenStandardInput(), BenchJson.Default.Plan)
            ?? throw new InvalidOperationException("There is no plan on standard input.");
        Console.WriteLine(JsonSerializer.Serialize(await LoadRun.RunAsync(plan), BenchJson.Default.Measured));
        return 0;
    case ["floor", var port]:
        await Floor.RunAsync(int.Parse(port, System.Globalization.CultureInfo.InvariantCulture));
        return 0;
    default:
        Console.Error.WriteLine("usage: AuthFunctions.Bench load < plan.json | AuthFunctions.Bench floor PORT");
        return 1;
}
