using Simulation.Host.CommandLine;
using Simulation.Host.Run;

namespace Simulation.Host.Checkpoints;

/// <summary>Held by the process that conducts a run. The operating system takes it away when that process is gone, however it went.</summary>
internal sealed class RunLock : IDisposable
{
    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

    /// <exception cref="UserErrorException">Another process has it.</exception>
    public static RunLock Take(RunFolder folder) => TryTake(folder)
        ?? throw new UserErrorException(ExitCode.Usage, $"run {folder.RunId} is running: another process has {folder.LockFile}");

    public static bool IsHeld(RunFolder folder)
    {
        if (!File.Exists(folder.LockFile))
        {
            return false;
        }

        using RunLock? taken = TryTake(folder);
        return taken is null;
    }

    public void Dispose() => _file.Dispose();

    private static RunLock? TryTake(RunFolder folder)
    {
        try
        {
            return new RunLock(new FileStream(folder.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException)
        {
            return null;
        }
    }
}
