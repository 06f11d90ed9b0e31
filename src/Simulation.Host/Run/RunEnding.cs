using System.Collections.Immutable;
using Simulation.Actors;
using Simulation.Host.CommandLine;
using Simulation.JetStream;

namespace Simulation.Host.Run;

/// <summary>What the coordinator's last word means to whoever started the run.</summary>
internal static class RunEnding
{
    /// <exception cref="UserErrorException">The run could not be run, and the user can put it right.</exception>
    public static RunConclusion Conclude(RunOutcome outcome, ImmutableArray<string> servers) => outcome.Failure is { } failure
        ? throw Explain(failure)
        : new RunConclusion
        {
            Verdict = outcome.Judgement!.Verdict,
            Evidence = outcome.Judgement.Evidence,
            EndedEarly = outcome.EndedEarly,
            Servers = servers,
        };

    private static Exception Explain(Exception failure) => failure switch
    {
        IOException => new UserErrorException(ExitCode.Unavailable, $"the run's folder cannot be written any more: {failure.Message}", failure),
        JetStreamException => new UserErrorException(ExitCode.Unavailable, $"the server refused what the run needs: {failure.Message}", failure),
        _ => failure,
    };
}
