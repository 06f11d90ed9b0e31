using System.Collections.Immutable;
using Simulation.Host.CommandLine;
using Simulation.Host.Run;

namespace Simulation.Host.Tests.CommandLine;

/// <summary>Runs a command line in this process, with a run that the test gives.</summary>
internal sealed class CommandRunner : IRunComposition
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public Func<RunRequest, Task<RunConclusion>> Run { get; init; } = _ => throw new InvalidOperationException("no run was expected");

    public ImmutableDictionary<string, string> Environment { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Another one, of which nothing can be read; null for what <see cref="Output"/> and <see cref="Error"/> show.</summary>
    public TextWriter? OutputTo { get; init; }

    public TextWriter? ErrorTo { get; init; }

    public string Output => _output.ToString();

    public string Error => _error.ToString();

    public async Task<ExitCode> ExecuteAsync(params string[] arguments) => await new Application(new Surroundings
    {
        Output = OutputTo ?? _output,
        Error = ErrorTo ?? _error,
        Environment = Environment,
        Composition = this,
    }).RunAsync(arguments);

    public Task<RunConclusion> RunAsync(RunRequest request) => Run(request);
}
