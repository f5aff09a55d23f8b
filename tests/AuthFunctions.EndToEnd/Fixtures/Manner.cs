namespace AuthFunctions.EndToEnd.Fixtures;

/// <summary>How a visitor uses the pages.</summary>
public enum Manner
{
    /// <summary>With a mouse.</summary>
    Mouse,

    /// <summary>With the keyboard alone; at every stop the focus must be seen.</summary>
    Keyboard,

    /// <summary>With a mouse, and JavaScript off.</summary>
    WithoutScript,
}
