using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;
using Simulation.Actors;
using Simulation.Kernel;

namespace Simulation.Host.Processes;

/// <summary>One process with participants in it, from its start to its end. Commands go to its standard input, events come from its standard output.</summary>
internal sealed class ParticipantProcess
{
    /// <summary>Shells, and .NET, add the number of the signal that ended a process.</summary>
    private const int SignalBase = 128;

    private readonly Channel<string> _commands = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<int, IActorRef> _deputies = new();
    private readonly Lock _gate = new();
    private Process? _process;
    private int _id;
    private bool _ended;

    private readonly Action _left;
    private bool _hasLeft;

    private ParticipantProcess(ProcessStartInfo info, string introduction, Action left)
    {
        _left = left;
        _commands.Writer.TryWrite(introduction);
        Ended = LiveAsync(info);
    }

    /// <summary>As long as it runs; null before and after.</summary>
    public int? Id
    {
        get
        {
            lock (_gate)
            {
                return _ended || _process is null ? null : _id;
            }
        }
    }

    /// <summary>Completes when it is gone and everybody has been told. Never fails.</summary>
    public Task Ended { get; }

    /// <param name="executable">Its program.</param>
    /// <param name="arguments">Of its command line.</param>
    /// <param name="introduction">Its first line of input.</param>
    /// <param name="left">Called once, when it is gone or is going: before another one can be started in its place.</param>
    public static ParticipantProcess Start(string executable, IEnumerable<string> arguments, ProcessIntroduction introduction, Action left)
    {
        // One process may take the memory that makes it fast, a hundred of them may not: no profile of the code (4 MB of 12), and a youngest generation
        // of 4 MB instead of 16. The runtime reads numbers as hexadecimal.
        var info = new ProcessStartInfo(executable, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { ["DOTNET_TieredPGO"] = "0", ["DOTNET_GCGen0MaxBudget"] = "400000" },
        };
        return new ParticipantProcess(info, JsonSerializer.Serialize(introduction), left);
    }

    /// <returns>False when it is gone, or going.</returns>
    public bool TryAttach(int number, IActorRef deputy)
    {
        lock (_gate)
        {
            if (_hasLeft)
            {
                return false;
            }

            _deputies[number] = deputy;
            return true;
        }
    }

    /// <summary>The last one closes the door: a process with nobody in it ends.</summary>
    public void Detach(int number, IActorRef deputy)
    {
        lock (_gate)
        {
            if (_deputies.TryRemove(new KeyValuePair<int, IActorRef>(number, deputy)) && _deputies.IsEmpty)
            {
                Leave();
                LetGo();
            }
        }
    }

    public void Send(OutpostCommand command) => _commands.Writer.TryWrite(OutpostWire.Write(command));

    /// <summary>SIGKILL.</summary>
    /// <returns>Null when it did not run.</returns>
    public string? Kill() => WhileItRuns(process =>
    {
        process.Kill();
        return $"process {_id} was sent SIGKILL";
    });

    /// <summary>SIGSTOP.</summary>
    /// <returns>Null when it did not run, or did not stop.</returns>
    public string? Pause() => WhileItRuns(_ => ProcessSignals.Stop(_id) ? $"process {_id} is stopped" : null);

    /// <summary>SIGCONT.</summary>
    public void Resume() => WhileItRuns(_ =>
    {
        ProcessSignals.Continue(_id);
        return null;
    });

    /// <summary>No more commands: it stops its participants in order and ends.</summary>
    public void LetGo() => _commands.Writer.TryComplete();

    /// <summary>While it has not been waited for, its id cannot be another's.</summary>
    private string? WhileItRuns(Func<Process, string?> act)
    {
        lock (_gate)
        {
            return !_ended && _process is { HasExited: false } process ? act(process) : null;
        }
    }

    private async Task LiveAsync(ProcessStartInfo info)
    {
        string how;
        try
        {
            using Process process = await ProcessStarter.StartAsync(info);
            lock (_gate)
            {
                _process = process;
                _id = process.Id;
            }

            // Who has taken the streams of a process closes them; disposing of the process leaves them open.
            using StreamWriter input = process.StandardInput;
            using StreamReader output = process.StandardOutput;
            Task sending = SendCommandsAsync(input);
            await ReceiveEventsAsync(output);
            await process.WaitForExitAsync();
            _commands.Writer.TryComplete();
            await sending;
            End();
            int code = process.ExitCode;
            how = code > SignalBase ? $"process {_id} was ended by signal {code - SignalBase}" : $"process {_id} ended with exit code {code}";
        }
        catch (Exception failure)
        {
            how = $"its process could not be run: {failure.Message}";
            End();
        }

        foreach ((int number, IActorRef deputy) in _deputies)
        {
            deputy.Tell(new OutpostGone(number, how));
        }
    }

    private void End()
    {
        lock (_gate)
        {
            Leave();
            _ended = true;
        }
    }

    /// <summary>Under the gate.</summary>
    private void Leave()
    {
        if (!_hasLeft)
        {
            _hasLeft = true;
            _left();
        }
    }

    private async Task SendCommandsAsync(StreamWriter input)
    {
        try
        {
            await foreach (string line in _commands.Reader.ReadAllAsync())
            {
                await input.WriteLineAsync(line);
                await input.FlushAsync();
            }

            input.Close();
        }
        catch (IOException)
        {
            // It is gone; the end of its output says so.
        }
    }

    private async Task ReceiveEventsAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            OutpostEvent told = OutpostWire.Read<OutpostEvent>(line);
            if (_deputies.TryGetValue(told.Number, out IActorRef? deputy))
            {
                deputy.Tell(told);
            }
        }
    }
}
