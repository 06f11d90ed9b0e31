namespace Simulation.TestServers;

/// <summary>A folder of a test's own, removed with it.</summary>
public sealed class TestFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("simulation-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
