using System.Diagnostics;
using Simulation.Host.CommandLine;

namespace Simulation.Host.Tests.CommandLine;

/// <summary>The scripts in the shells that are here.</summary>
public sealed class CompletionTests
{
    [SkippableTheory]
    [InlineData("bash", "-n")]
    [InlineData("zsh", "-n")]
    [InlineData("fish", "--no-execute")]
    public async Task Script_ItsShell_FindsNoFault(string shell, string checkOnly)
    {
        using var folder = new TemporaryFolder();
        string script = folder.Write("script", await ScriptAsync(shell));
        (int code, string text) = Execute(shell, checkOnly, script);
        Assert.Equal((0, ""), (code, text));
    }

    [SkippableTheory]
    [InlineData("simulation run --qu", "--quiet")]
    [InlineData("simulation his", "history")]
    [InlineData("simulation run --set workers.processing_delay.mi", "workers.processing_delay.min=")]
    [InlineData("simulation completion ", "bash fish powershell zsh")]
    public async Task Bash_Tab_AsksTheProgramAndFilters(string line, string expected)
    {
        using var folder = new TemporaryFolder();
        string script = folder.Write("script", await ScriptAsync("bash"));
        string program = Path.Combine(AppContext.BaseDirectory, "simulation");
        Skip.IfNot(File.Exists(program), "the program is not beside the tests");
        string test = $$"""
            set -e
            simulation() { "{{program}}" "$@"; }
            source "{{script}}"
            COMP_LINE="{{line}}"; COMP_POINT=${#COMP_LINE}; IFS=' ' read -ra COMP_WORDS <<< "${COMP_LINE}_"
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMP_WORDS[COMP_CWORD]=${COMP_WORDS[COMP_CWORD]%_}
            _simulation
            echo "${COMPREPLY[*]}"
            """;

        (int code, string text) = Execute("bash", folder.Write("test", test));

        Assert.Equal(0, code);
        Assert.Subset(text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).ToHashSet(), expected.Split(' ').ToHashSet());
    }

    private static async Task<string> ScriptAsync(string shell)
    {
        var runner = new CommandRunner();
        Assert.Equal(ExitCode.Passed, await runner.ExecuteAsync("completion", shell));
        return runner.Output;
    }

    private static (int Code, string Text) Execute(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new SkipException($"{program} is not on this machine");
        }

        using (process)
        {
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output + error.Result);
        }
    }
}
