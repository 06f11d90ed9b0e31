namespace Simulation.Nats.Security;

/// <summary>A <c>.creds</c> file: a user's JWT and the seed that proves it.</summary>
internal sealed record UserCredentials(string Jwt, NKey Key)
{
    /// <exception cref="FormatException">The file lacks one of its two blocks; the message names the file and shows none of it.</exception>
    public static UserCredentials Load(string path)
    {
        string[] lines = File.ReadAllLines(path);
        string? jwt = Block(lines, "NATS USER JWT");
        string? seed = Block(lines, "USER NKEY SEED");
        return jwt is null || seed is null
            ? throw new FormatException($"{path} is not a credentials file: it needs a block \"NATS USER JWT\" and a block \"USER NKEY SEED\".")
            : new UserCredentials(jwt, NKey.FromSeed(seed));
    }

    public override string ToString() => $"credentials of {Key.PublicKey}";

    private static string? Block(string[] lines, string title)
    {
        int begin = Array.FindIndex(lines, line => line.Contains($"BEGIN {title}", StringComparison.Ordinal));
        return begin < 0 ? null : lines.Skip(begin + 1).Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0 && !line.StartsWith('-'));
    }
}
