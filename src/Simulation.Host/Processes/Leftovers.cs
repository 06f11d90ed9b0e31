using System.Diagnostics;
using System.Globalization;
using Simulation.Host.Reports;
using Simulation.Host.Run;

namespace Simulation.Host.Processes;

/// <summary>
/// What a coordinator that died may have left behind. Servers and participants die with it; one that does not (yet) would write into the store
/// or the logs that the next coordinator goes on with. Linux only: elsewhere nobody tells the command line of a process.
/// </summary>
internal static class Leftovers
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>A server that is being ended in order is gone after two seconds.</summary>
    private static readonly TimeSpan ServersOwnTime = TimeSpan.FromSeconds(3);

    /// <summary>Ends them, and waits until they are gone.</summary>
    /// <returns>Whether it is certain that none is left.</returns>
    public static bool End(RunFolder folder, RunProcess coordinator, Action<string> warn)
    {
        bool canTell = OperatingSystem.IsLinux() && coordinator.Machine == Environment.MachineName && !IsNumberOfAnother(coordinator);
        return Processes().Where(one => IsServerOf(folder, one.Command) || (canTell && IsParticipantOf(coordinator, one.Command)))
            .Aggregate(canTell, (all, one) => TryEnd(one.Id, one.Command, warn) && all);
    }

    private static bool TryEnd(int id, string[] command, Action<string> warn)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            if (IsServer(command) && process.WaitForExit(ServersOwnTime))
            {
                return true;
            }

            process.Kill();
            warn($"Process {id} ({Path.GetFileName(command[0])}) of the coordinator that died was still there; it was ended");
            return process.WaitForExit(Patience);
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            return true; // It has ended meanwhile, as it should.
        }
        catch (System.ComponentModel.Win32Exception refused)
        {
            warn($"Process {id} ({Path.GetFileName(command[0])}) of the coordinator that died is still there and cannot be ended: {refused.Message}");
            return false;
        }
    }

    private static bool IsServerOf(RunFolder folder, string[] command) =>
        IsServer(command) && command.Any(argument => argument.StartsWith(folder.Nats + Path.DirectorySeparatorChar, StringComparison.Ordinal));

    private static bool IsServer(string[] command) => Path.GetFileName(command[0]) == "nats-server";

    private static bool IsParticipantOf(RunProcess coordinator, string[] command) =>
        command.Length > 2 && command.Contains("--child-of") && command.Contains(coordinator.Id.ToString(CultureInfo.InvariantCulture));

    /// <summary>While somebody else has the coordinator's number, whoever calls that one parent may be none of ours. This process has no children yet.</summary>
    private static bool IsNumberOfAnother(RunProcess coordinator) => coordinator.Id != Environment.ProcessId && Directory.Exists($"/proc/{coordinator.Id}");

    private static IEnumerable<(int Id, string[] Command)> Processes()
    {
        if (!OperatingSystem.IsLinux())
        {
            yield break;
        }

        foreach (string path in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out int id) && id != Environment.ProcessId
                && CommandOf(path) is { Length: > 0 } command)
            {
                yield return (id, command);
            }
        }
    }

    private static string[] CommandOf(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
