using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Simulation.Host.CommandLine;

/// <summary>Examples of each command, shown at the end of its help.</summary>
internal sealed class Examples
{
    private readonly Dictionary<Command, string[]> _byCommand = [];

    public Command For(Command command, params string[] lines)
    {
        _byCommand[command] = lines;
        return command;
    }

    public IReadOnlyDictionary<Command, string[]> ByCommand => _byCommand;

    public void AppendToHelp(HelpOption help) => help.Action = new HelpWithExamples((HelpAction)help.Action!, _byCommand);

    private sealed class HelpWithExamples(HelpAction help, IReadOnlyDictionary<Command, string[]> byCommand) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            int result = help.Invoke(parseResult);
            if (byCommand.TryGetValue(parseResult.CommandResult.Command, out string[]? lines))
            {
                TextWriter output = parseResult.InvocationConfiguration.Output;
                output.WriteLine("Examples:");
                foreach (string line in lines)
                {
                    output.WriteLine($"  {line}");
                }

                output.WriteLine();
            }

            return result;
        }
    }
}
