using System.Diagnostics;
using Xunit;

namespace Simulation.TestServers;

/// <summary>A disk that is soon full: a file system in memory.</summary>
public sealed class SmallDisk : IDisposable
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

    /// <summary>Nobody may write any more, not even root.</summary>
    public void MakeReadOnly() => Execute("mount", "-o", "remount,ro", Path);

    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    /// <summary>Takes away what <see cref="Fill"/> put there.</summary>
    public void MakeRoom() => File.Delete(Ballast);

    /// <summary>To its last byte.</summary>
    public void Fill()
    {
        using FileStream ballast = new(Ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        foreach (int size in new[] { 64 * 1024, 4096, 1 })
        {
            try
            {
                while (true)
                {
                    ballast.Write(new byte[size]);
                }
            }
            catch (IOException)
            {
                // No more of this size.
            }
        }
    }

    public void Dispose() => Execute("umount", Path);

    private static int Execute(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
