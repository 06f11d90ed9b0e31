using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Simulation.Actors;
using Simulation.Kernel;

namespace Simulation.Host.Processes;

/// <summary>The workers, or the producers, of a run in processes of their own, so many in each. A process is started when the first of its participants is.</summary>
internal sealed class ParticipantProcesses : IParticipantHost, IAsyncDisposable
{
    /// <summary>For a process to stop its participants in order; then it is killed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly string _mode;
    private readonly int _perProcess;
    private readonly IReadOnlyList<string> _arguments;
    private readonly Func<string, IEnumerable<int>, ProcessIntroduction> _introduce;
    private readonly Action<IEnumerable<int>> _left;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<int, Slot> _slots = [];

    /// <summary>Also those that are going.</summary>
    private readonly ConcurrentDictionary<ParticipantProcess, Task> _alive = new();

    /// <param name="mode"><c>worker</c> or <c>producer</c>.</param>
    /// <param name="perProcess">Participants in one process.</param>
    /// <param name="arguments">By which the process finds the run's configuration.</param>
    /// <param name="introduce">What a process of that name, with those participants, is told first.</param>
    /// <param name="left">Told, when a process is gone or going, whose it was.</param>
    public ParticipantProcesses(
        string mode, int perProcess, IReadOnlyList<string> arguments, Func<string, IEnumerable<int>, ProcessIntroduction> introduce, Action<IEnumerable<int>> left) =>
        (_mode, _perProcess, _arguments, _introduce, _left) = (mode, perProcess, arguments, introduce, left);

    /// <summary>By name, those that run now.</summary>
    public ImmutableArray<(string Name, int Id)> Running()
    {
        lock (_gate)
        {
            return [.. from slot in _slots let id = slot.Value.Current?.Id where id is not null select (NameOf(slot.Key), id.Value)];
        }
    }

    public Props PropsOf(int number) => Deputy.Props(number, SlotOf(number));

    public IEnumerable<int> TogetherWith(int number) => Enumerable.Range(number / _perProcess * _perProcess, _perProcess);

    public void Stop(IActorContext context, IActorRef participant, int number) => SlotOf(number).Send(new StopParticipant(number));

    public string? Kill(IActorContext context, IActorRef participant, int number) => SlotOf(number).Current?.Kill();

    public string? Pause(IActorContext context, IActorRef participant, int number) => SlotOf(number).Current?.Pause();

    public void Resume(IActorContext context, IActorRef participant, int number) => SlotOf(number).Current?.Resume();

    public async ValueTask DisposeAsync()
    {
        ParticipantProcess[] running = [.. _alive.Keys];
        foreach (ParticipantProcess process in running)
        {
            process.Resume();
            process.LetGo();
        }

        Task ended = Task.WhenAll(running.Select(process => process.Ended));
        await Task.WhenAny(ended, Task.Delay(Patience));
        foreach (ParticipantProcess process in running)
        {
            process.Kill();
        }

        await ended;
    }

    private Slot SlotOf(int number)
    {
        int index = number / _perProcess;
        lock (_gate)
        {
            return _slots.TryGetValue(index, out Slot? slot) ? slot : _slots[index] = new Slot(() => Start(index));
        }
    }

    private ParticipantProcess Start(int index)
    {
        string[] arguments =
            ["--mode", _mode, "--child-of", Environment.ProcessId.ToString(CultureInfo.InvariantCulture), .. _arguments];
        IEnumerable<int> numbers = TogetherWith(index * _perProcess);
        var process = ParticipantProcess.Start(
            Path.Combine(AppContext.BaseDirectory, "simulation"), arguments, _introduce(NameOf(index), numbers), () => _left(numbers));
        _ = FollowAsync(process);
        return process;
    }

    private async Task FollowAsync(ParticipantProcess process)
    {
        _alive[process] = process.Ended;
        await process.Ended;
        _alive.TryRemove(process, out _);
    }

    private string NameOf(int index) => string.Create(CultureInfo.InvariantCulture, $"{_mode}-process-{index}");

    /// <summary>A place for one process at a time: after the end of one, the next participant that is started gets another. Deputies come from any thread.</summary>
    private sealed class Slot(Func<ParticipantProcess> start) : IOutpost
    {
        private readonly Lock _gate = new();
        private ParticipantProcess? _current;

        public ParticipantProcess? Current
        {
            get
            {
                lock (_gate)
                {
                    return _current;
                }
            }
        }

        public void Attach(int number, IActorRef deputy)
        {
            lock (_gate)
            {
                if (_current?.TryAttach(number, deputy) != true)
                {
                    _current = start();
                    _current.TryAttach(number, deputy);
                }
            }
        }

        public void Detach(int number, IActorRef deputy) => Current?.Detach(number, deputy);

        public void Send(OutpostCommand command) => Current?.Send(command);
    }
}
