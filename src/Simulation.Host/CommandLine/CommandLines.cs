namespace Simulation.Host.CommandLine;

/// <summary>Command lines that are printed to be used again.</summary>
internal static class CommandLines
{
    /// <summary>As a shell takes it for one argument.</summary>
    public static string Quote(string argument) =>
        argument.Length > 0 && argument.All(character => char.IsLetterOrDigit(character) || "-_./=:,@%+".Contains(character, StringComparison.Ordinal))
            ? argument
            : $"'{argument.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
