using Simulation.Kernel;

namespace Simulation.Partitioning.Tests.Group;

/// <summary>A worker that only writes on the board what it may work on, and takes a moment to stop.</summary>
internal sealed class TestWorker : ReceiveActor
{
    private static readonly TimeSpan TimeToStop = TimeSpan.FromMilliseconds(20);

    private readonly OwnershipBoard _board;
    private readonly Func<IActorContext, ActorTask<Props>> _member;

    public TestWorker(OwnershipBoard board, Func<IActorContext, ActorTask<Props>> member)
    {
        (_board, _member) = (board, member);
        ReceiveAsync<JoinNow>(async _ => Context.ActorOf(await _member(Context), "member"));
        Receive<LeaveGroup>(leave => Context.Child("member")!.Tell(leave, Self));
        Receive<UnitsGranted>(granted =>
        {
            _board.Note(Self.Name, granted);
            _board.Start(Self.Name, granted.Units);
        });
        Receive<UnitsRevoked>(revoked => Context.Spawn(async () =>
        {
            await Context.Delay(TimeToStop);
            _board.Stop(Self.Name, revoked.Units);
            Context.Child("member")!.Tell(new UnitsReleased(revoked.Units), Self);
        }));
        Receive<Fenced>(fenced =>
        {
            _board.Note(Self.Name, fenced);
            _board.StopAll(Self.Name);
            Context.Child("member")!.Tell(new HoldingNothing(), Self);
        });
        Receive<LeftGroup>(left =>
        {
            _board.Note(Self.Name, left);
            Context.Stop(Self);
        });
        ReceiveAny(news => _board.Note(Self.Name, news));
    }

    protected override void PreStart() => Self.Tell(new JoinNow());

    private sealed record JoinNow;
}
