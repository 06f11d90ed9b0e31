namespace Simulation.Host.CommandLine;

/// <summary>Something that the user can put right: ends the command with one message and this exit code, without a stack trace.</summary>
/// <param name="exitCode">What the process answers.</param>
/// <param name="message">What is wrong, where, and what to do about it.</param>
public sealed class UserErrorException(ExitCode exitCode, string message, Exception? inner = null) : Exception(message, inner)
{
    public ExitCode ExitCode { get; } = exitCode;
}
