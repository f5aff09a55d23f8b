using System.Text.Json;
using AuthFunctions.Bench;

// load: reads a plan from standard input and prints what it measured. mix PATH: does what the file says and prints what was done, a line a
// window. floor PORT: serves what nothing can undercut.
switch (args)
{
    case ["load"]:
        var plan = await JsonSerializer.DeserializeAsync(Console.OpenStandardInput(), BenchJson.Default.Plan)
            ?? throw new InvalidOperationException("There is no plan on standard input.");
        Console.WriteLine(JsonSerializer.Serialize(await LoadRun.RunAsync(plan), BenchJson.Default.Measured));
        return 0;
    case ["mix", var path]:
        await using (var file = File.OpenRead(path))
        {
            var mix = await JsonSerializer.DeserializeAsync(file, BenchJson.Default.Mix)
                ?? throw new InvalidOperationException("There is no mix in the file.");
            await MixRun.RunAsync(mix, Console.Out);
        }

        return 0;
    case ["floor", var port]:
        await Floor.RunAsync(int.Parse(port, System.Globalization.CultureInfo.InvariantCulture));
        return 0;
    default:
        Console.Error.WriteLine("usage: AuthFunctions.Bench load < plan.json | mix PATH | floor PORT");
        return 1;
}
