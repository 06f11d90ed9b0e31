using System.Diagnostics;
using Simulation.Host.CommandLine;
using Simulation.Host.Run;

namespace Simulation.Host.Checkpoints;

/// <summary>Held by the process that conducts a run. The operating system takes it away when that process is gone, however it went.</summary>
internal sealed class RunLock : IDisposable
{
    /// <summary>Whoever only looks whether it is held has it for a moment.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>EWOULDBLOCK; a sharing violation on Windows.</summary>
    private static readonly int HeldByAnother = OperatingSystem.IsWindows() ? unchecked((int)0x80070020) : OperatingSystem.IsMacOS() ? 35 : 11;

    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

    /// <exception cref="UserErrorException">Another process has it, or nobody may have it.</exception>
    public static RunLock Take(RunFolder folder)
    {
        try
        {
            var waited = Stopwatch.StartNew();
            while (true)
            {
                if (TryOpen(folder, FileMode.OpenOrCreate, FileAccess.ReadWrite) is { } file)
                {
                    return new RunLock(file);
                }

                if (waited.Elapsed > Patience)
                {
                    throw new UserErrorException(ExitCode.Usage, $"run {folder.RunId} is running: another process has {folder.LockFile}");
                }

                Thread.Sleep(Pause);
            }
        }
        catch (Exception refused) when (refused is UnauthorizedAccessException or IOException)
        {
            throw new UserErrorException(ExitCode.Unavailable, $"{folder.LockFile} cannot be written: {refused.Message}", refused);
        }
    }

    /// <summary>Writes nothing, so that folders that are only kept can be asked, too.</summary>
    public static bool IsHeld(RunFolder folder)
    {
        if (!File.Exists(folder.LockFile))
        {
            return false;
        }

        using FileStream? opened = TryOpen(folder, FileMode.Open, FileAccess.Read);
        return opened is null;
    }

    public void Dispose() => _file.Dispose();

    /// <returns>Null when another process has it.</returns>
    private static FileStream? TryOpen(RunFolder folder, FileMode mode, FileAccess access)
    {
        try
        {
            return new FileStream(folder.LockFile, mode, access, FileShare.None);
        }
        catch (IOException held) when (held.HResult == HeldByAnother)
        {
            return null;
        }
    }
}
