using System.Diagnostics;
using System.Globalization;
using Simulation.Host.Processes;
using Simulation.Host.Reports;
using Simulation.Host.Run;

namespace Simulation.Host.Tests.Run;

/// <summary>What outlived its coordinator is ended, and nobody else is.</summary>
public sealed class LeftoversTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<Process> _started = [];
    private readonly List<string> _warnings = [];

    private RunFolder Folder => new(_folder.Path, "it");

    public void Dispose()
    {
        foreach (Process process in _started)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        _folder.Dispose();
    }

    [SkippableFact]
    public void End_ServerAndParticipantOfTheDead_AreEndedAndNoneIsLeft()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "elsewhere nobody tells the command line of a process");
        RunProcess dead = Dead();
        string program = Path.Combine(_folder.Path, "nats-server");
        File.CreateSymbolicLink(program, "/bin/sh");
        Process server = Start(program, Path.Combine(Folder.Nats, "server.conf"));
        Process participant = Start("/bin/sh", "--child-of", dead.Id.ToString(CultureInfo.InvariantCulture));
        Process stranger = Start("/bin/sh", "--child-of", "1");

        Assert.True(Leftovers.End(Folder, dead, _warnings.Add));

        server.WaitForExit();
        participant.WaitForExit();
        Assert.False(stranger.HasExited);
        Assert.Equal(2, _warnings.Count(warning => warning.EndsWith("was still there; it was ended", StringComparison.Ordinal)));
    }

    [SkippableFact]
    public void End_SomebodyElseHasTheNumberOfTheDead_LeavesItsChildrenAloneAndIsNotSure()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "elsewhere nobody tells the command line of a process");
        Process other = Start("/bin/sh");
        Process child = Start("/bin/sh", "--child-of", other.Id.ToString(CultureInfo.InvariantCulture));

        Assert.False(Leftovers.End(Folder, Dead() with { Id = other.Id }, _warnings.Add));

        Assert.False(child.HasExited);
        Assert.Empty(_warnings);
    }

    [Fact]
    public void End_OnAnotherMachine_IsNotSure() => Assert.False(Leftovers.End(Folder, Dead() with { Machine = "another" }, _warnings.Add));

    /// <summary>One that has ended.</summary>
    private RunProcess Dead()
    {
        using Process process = Process.Start("/bin/sh", ["-c", "exit"]);
        process.WaitForExit();
        return RunProcess.Current() with { Id = process.Id };
    }

    /// <summary>Waits for a line that never comes.</summary>
    private Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, ["-c", "read line", .. arguments]) { RedirectStandardInput = true };
        Process process = Process.Start(start)!;
        _started.Add(process);
        return process;
    }
}
