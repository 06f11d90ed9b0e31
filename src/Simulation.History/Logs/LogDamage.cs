namespace Simulation.History;

/// <summary>A place where a log is not what its writer wrote.</summary>
/// <param name="Place">The file, or the log's name.</param>
/// <param name="Offset">Byte offset in it.</param>
/// <param name="What">What is wrong, for people.</param>
public sealed record LogDamage(string Place, long Offset, string What)
{
    public override string ToString() => $"{Place} at byte {Offset}: {What}";
}
