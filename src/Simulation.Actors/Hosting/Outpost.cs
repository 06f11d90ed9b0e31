using Simulation.History;
using Simulation.Kernel;

namespace Simulation.Actors;

/// <summary>Parent of the participants of a process that is not the coordinator's. It does what it is told, and tells what they say.</summary>
public sealed class Outpost : ReceiveActor
{
    private readonly Func<int, Props> _propsOf;
    private readonly Action<OutpostEvent> _send;
    private readonly SortedDictionary<int, IActorRef> _participants = [];
    private readonly Func<int, string> _nameOf;

    private Outpost(ParticipantKind kind, RunOptions run, RunTopology topology, RunServices services, Action<OutpostEvent> send)
    {
        _send = send;
        (_nameOf, _propsOf) = kind == ParticipantKind.Worker
            ? ((Func<int, string>)Worker.NameOf, Participants.Workers(run, services, topology))
            : (Producer.NameOf, Participants.Producers(run, services, topology));
        Receive<StartParticipant>(start => Start(start.Number));
        Receive<StopParticipant>(stop => Stop(stop.Number));
        Receive<PassToParticipant>(Pass);
        Receive<Gone>(gone =>
        {
            _participants.Remove(gone.Number);
            _send(new ParticipantEnded(gone.Number));
        });
        ReceiveAny(message => _send(new ParticipantTold(_participants.First(entry => entry.Value == Sender).Key, message)));
    }

    public static Props Props(ParticipantKind kind, RunOptions run, RunTopology topology, RunServices services, Action<OutpostEvent> send) =>
        Kernel.Props.Create(() => new Outpost(kind, run, topology, services, send));

    protected override SupervisorStrategy SupervisorStrategy { get; } = Participants.Supervision;

    private void Start(int number)
    {
        IActorRef participant = Context.ActorOf(_propsOf(number), _nameOf(number));
        Context.WatchWith(participant, new Gone(number));
        _participants[number] = participant;
    }

    private void Stop(int number)
    {
        if (_participants.TryGetValue(number, out IActorRef? participant))
        {
            Context.Stop(participant);
        }
    }

    private void Pass(PassToParticipant pass)
    {
        if (!_participants.TryGetValue(pass.Number, out IActorRef? participant))
        {
            return;
        }

        participant.Tell(pass.Message, pass.Question == 0 ? Self : new Questioner(answer => _send(new ParticipantAnswered(pass.Number, pass.Question, answer))));
    }

    private sealed record Gone(int Number);

    /// <summary>Takes the answer for somebody in the other process.</summary>
    private sealed class Questioner(Action<FaultAnswer> take) : IActorRef
    {
        public string Name => "questioner";

        public string Path => "/questioner";

        public void Tell(object message, IActorRef? sender = null) => take((FaultAnswer)message);
    }
}
