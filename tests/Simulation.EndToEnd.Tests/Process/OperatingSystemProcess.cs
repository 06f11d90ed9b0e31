using System.Runtime.InteropServices;

namespace Simulation.EndToEnd.Tests.Process;

internal enum Signal
{
    HangUp = 1,
    Interrupt = 2,
    Kill = 9,
    User1 = 10,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}

/// <summary>What the platform's own library does not tell about processes. Linux only, as these tests are.</summary>
internal static class OperatingSystemProcess
{
    public static void Signal(int processId, Signal signal) => Assert.Equal(0, Kill(processId, (int)signal));

    /// <returns>The ids of the processes whose command line is like that. One that ends meanwhile has none.</returns>
    public static IReadOnlyList<int> WithCommandLine(Func<string[], bool> isLike)
    {
        var found = new List<int>();
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out int id) && CommandLine(folder) is { Length: > 0 } command && isLike(command))
            {
                found.Add(id);
            }
        }

        return found;
    }

    /// <summary>Whether SIGSTOP holds it.</summary>
    public static bool IsStopped(int processId) =>
        File.ReadLines($"/proc/{processId}/status").First(line => line.StartsWith("State:", StringComparison.Ordinal)).Contains("T (stopped)");

    private static string[] CommandLine(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline")).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (IOException)
        {
            return [];
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int processId, int signal);
}
