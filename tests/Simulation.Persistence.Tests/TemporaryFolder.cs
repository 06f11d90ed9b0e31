namespace Simulation.Persistence.Tests;

/// <summary>A folder of one test's own, gone afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("persistence-").FullName;

    public string Database => System.IO.Path.Combine(Path, "test.db");

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
