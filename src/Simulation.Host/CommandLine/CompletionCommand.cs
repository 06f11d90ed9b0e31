using System.CommandLine;

namespace Simulation.Host.CommandLine;

/// <summary>Prints what makes a shell ask <c>simulation "[suggest:POSITION]" "LINE"</c> for what may come next.</summary>
internal static class CompletionCommand
{
    private static readonly Dictionary<string, string> Scripts = new()
    {
        ["bash"] =
            """
            # simulation completion bash > ~/.local/share/bash-completion/completions/simulation
            _simulation() {
                local IFS=$'\n'
                local words
                words=$(simulation "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)
                COMPREPLY=($(compgen -W "${words}" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _simulation simulation
            """,
        ["zsh"] =
            """
            #compdef simulation
            # simulation completion zsh > "${fpath[1]}/_simulation"
            _simulation() {
                local line="${words[1,CURRENT]}"
                local -a candidates
                candidates=("${(@f)$(simulation "[suggest:${#line}]" "${line}" 2>/dev/null)}")
                candidates=(${candidates:#})
                compadd -a candidates || _files
            }
            if [ "${funcstack[1]}" = "_simulation" ]; then _simulation "$@"; else compdef _simulation simulation; fi
            """,
        ["fish"] =
            """
            # simulation completion fish > ~/.config/fish/completions/simulation.fish
            function __simulation_complete
                set -l line (commandline -cp)
                simulation "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
            end
            complete -c simulation -a '(__simulation_complete)'
            """,
        ["powershell"] =
            """
            # simulation completion powershell >> $PROFILE
            Register-ArgumentCompleter -Native -CommandName simulation -ScriptBlock {
                param($wordToComplete, $commandAst, $cursorPosition)
                $line = $commandAst.ToString().PadRight($cursorPosition)
                simulation "[suggest:$cursorPosition]" "$line" 2>$null | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
                    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
                }
            }
            """,
    };

    public static Command Create(Surroundings surroundings, Examples examples)
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh, fish or powershell." };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        var command = new Command("completion", "Prints a completion script for a shell.") { shell };
        command.SetAction(parsed => surroundings.Output.WriteLine(Scripts[parsed.GetRequiredValue(shell)]));
        return examples.For(command, [.. Scripts.Keys.Select(name => $"simulation completion {name}")]);
    }
}
