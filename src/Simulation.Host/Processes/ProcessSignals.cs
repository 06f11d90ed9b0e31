using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Simulation.Host.Processes;

/// <summary>What the operating system offers beyond .NET: signals, the state of a process, and dying with one's parent.</summary>
internal static class ProcessSignals
{
    private const int SetParentDeathSignal = 1;
    private const int Kill = 9;
    private static readonly int StopSignal = OperatingSystem.IsMacOS() ? 17 : 19;
    private static readonly int ContinueSignal = OperatingSystem.IsMacOS() ? 19 : 18;

    /// <summary>Looks at a process' state so often, with a millisecond between, until it is what was asked for.</summary>
    private const int Looks = 200;

    private static readonly Lazy<string?> Trial = new(Try);

    /// <summary>Why a process of ours cannot be stopped and ended by signals, with what would be needed; null when it can. Tried once, with a process for it.</summary>
    public static string? WhyNot => Trial.Value;

    private static string? Try()
    {
        // It ends with its input, also when no signal reaches it.
        using Process victim = Process.Start(new ProcessStartInfo("cat") { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        bool stops = Stop(victim.Id);
        int error = Marshal.GetLastPInvokeError();
        try
        {
            victim.Kill();
            return stops ? null : NeedsSignals(Marshal.GetPInvokeErrorMessage(error));
        }
        catch (Win32Exception refused)
        {
            Continue(victim.Id);
            victim.StandardInput.Close();
            return NeedsSignals(refused.Message);
        }
    }

    private static string NeedsSignals(string why) =>
        $"processes of ours cannot be sent SIGSTOP and SIGKILL ({why}); it takes the right to signal one's own children, which a seccomp or AppArmor profile may forbid";

    /// <returns>Whether it is seen to stand still.</returns>
    public static bool Stop(int process)
    {
        if (SendSignal(process, StopSignal) != 0)
        {
            return false;
        }

        for (int look = 0; look < Looks; look++)
        {
            if (StateOf(process) is 'T' or null)
            {
                return true;
            }

            Thread.Sleep(1);
        }

        return false;
    }

    public static void Continue(int process) => SendSignal(process, ContinueSignal);

    /// <summary>This process dies with its parent, however that one ends and even while this one is stopped. Linux only.</summary>
    /// <returns>False when the parent is gone already.</returns>
    public static bool TryDieWith(int parent)
    {
        if (!OperatingSystem.IsLinux())
        {
            return true; // The end of standard input tells; a process that stands still does not hear it.
        }

        _ = ControlProcess(SetParentDeathSignal, Kill, 0, 0, 0);
        return ParentId() == parent;
    }

    /// <returns>For example 'T' for stopped; null where nobody can tell.</returns>
    private static char? StateOf(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/stat").Split(") ")[^1][0]; // "4711 (simulation) T …"
        }
        catch (IOException)
        {
            return null;
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendSignal(int process, int signal);

    [DllImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static extern int ControlProcess(int option, nuint argument2, nuint argument3, nuint argument4, nuint argument5);

    [DllImport("libc", EntryPoint = "getppid")]
    private static extern int ParentId();
}
