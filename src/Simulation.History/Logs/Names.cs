namespace Simulation.History;

internal static class Names
{
    /// <summary>A participant's name is a folder's name: nothing in it may mean something to a file system.</summary>
    public static string Checked(string name)
    {
        bool fine = name.Length is > 0 and <= 100 && name[0] != '.';
        foreach (char c in name)
        {
            fine &= char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_';
        }

        return fine ? name : throw new ArgumentException(
            $"'{name}' cannot name a history log: use up to 100 letters, digits, dots, dashes and underscores, not beginning with a dot.", nameof(name));
    }
}
