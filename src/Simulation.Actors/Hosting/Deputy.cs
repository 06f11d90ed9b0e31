using Simulation.Kernel;

namespace Simulation.Actors;

/// <summary>Stands, among the coordinator's children, for a participant that lives in another process: what either says, it passes on.</summary>
public sealed class Deputy : ReceiveActor
{
    private readonly int _number;
    private readonly IOutpost _outpost;
    private readonly SortedDictionary<long, IActorRef> _askers = [];
    private long _lastQuestion;

    private Deputy(int number, IOutpost outpost)
    {
        _number = number;
        _outpost = outpost;
        Receive<ParticipantTold>(told => Context.Parent!.Tell(told.Message, Self));
        Receive<ParticipantAnswered>(PassAnswer);
        Receive<ParticipantEnded>(_ => Context.Stop(Self));
        Receive<OutpostGone>(gone =>
        {
            Context.Parent!.Tell(new ParticipantLost(Self.Name, gone.How), Self);
            Context.Stop(Self);
        });
        ReceiveAny(PassOn);
    }

    public static Props Props(int number, IOutpost outpost) => Kernel.Props.Create(() => new Deputy(number, outpost));

    protected override void PreStart()
    {
        _outpost.Attach(_number, Self);
        _outpost.Send(new StartParticipant(_number));
    }

    protected override void PostStop() => _outpost.Detach(_number, Self);

    private void PassOn(object message)
    {
        long question = 0;
        if (message is ParticipantFault or Undo && Sender is { } asker)
        {
            _askers[question = ++_lastQuestion] = asker;
        }

        _outpost.Send(new PassToParticipant(_number, question, message));
    }

    private void PassAnswer(ParticipantAnswered answered)
    {
        if (_askers.Remove(answered.Question, out IActorRef? asker))
        {
            asker.Tell(answered.Answer, Self);
        }
    }
}

/// <summary>To the coordinator: a participant's process is gone.</summary>
/// <param name="Participant">Its name.</param>
/// <param name="How">In words.</param>
internal sealed record ParticipantLost(string Participant, string How);
