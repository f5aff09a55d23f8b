using AuthFunctions.Tests.Fixtures;

namespace AuthFunctions.Tests.Rules;

/// <summary>One file of source as the rules look at it.</summary>
/// <param name="Path">Its path below the folder that was asked for, with <c>/</c>.</param>
/// <param name="Text">What it says.</param>
internal sealed record SourceFile(string Path, string Text)
{
    private readonly Lazy<string> code = new(() => Path.EndsWith(".cs", StringComparison.Ordinal) ? CSharpText.CodeOnly(Text) : Text);

    private readonly Lazy<string> uncommented =
        new(() => Path.EndsWith(".cs", StringComparison.Ordinal) ? CSharpText.WithoutComments(Text) : Text);

    /// <summary>The folder that is its layer, or nothing.</summary>
    public string Folder => Path.Contains('/', StringComparison.Ordinal) ? Path[..Path.LastIndexOf('/')] : "";

    /// <summary>The name without folder and ending.</summary>
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>Code alone; all of it, if it is a component.</summary>
    public string Code => code.Value;

    /// <summary>Code and strings.</summary>
    public string Uncommented => uncommented.Value;

    public bool IsCSharp => Path.EndsWith(".cs", StringComparison.Ordinal);

    /// <summary>Where in the file: <c>path:line</c>.</summary>
    public string At(int index) => $"{Path}:{Text.AsSpan(0, index).Count('\n') + 1}";

    /// <summary>The sources under a folder of the repository; the product's by default.</summary>
    public static IReadOnlyList<SourceFile> Under(string folder = "functions")
    {
        var root = System.IO.Path.Combine(Azurite.RepositoryRoot, folder);
        var files = Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Select(file => System.IO.Path.GetRelativePath(root, file).Replace('\\', '/'))
            .Where(path => path.EndsWith(".cs", StringComparison.Ordinal) || path.EndsWith(".razor", StringComparison.Ordinal))
            .Where(path => !path.Split('/').Any(part => part is "bin" or "obj"))
            .Order(StringComparer.Ordinal)
            .Select(path => new SourceFile(path, File.ReadAllText(System.IO.Path.Combine(root, path))))
            .ToList();

        // A rule over nothing would always hold.
        Assert.NotEmpty(files);
        return files;
    }
}
