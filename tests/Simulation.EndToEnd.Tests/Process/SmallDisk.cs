namespace Simulation.EndToEnd.Tests.Process;

/// <summary>A disk that is soon full: a file system in memory.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    /// <summary>Skips the test where this user may not mount.</summary>
    public static SmallDisk Mount(string path, int megabytes)
    {
        Directory.CreateDirectory(path);
        Skip.IfNot(Execute("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", path) == 0, "needs the right to mount a file system");
        return new SmallDisk(path);
    }

    public void Dispose() => Execute("umount", Path);

    private static int Execute(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
