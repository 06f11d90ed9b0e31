namespace Simulation.Partitioning;

/// <summary>
/// A member of a worker group, without a clock, a socket or a thread: it is told what happened and when, and says what to do. Lives follow each
/// other: join, take part, and after a fence join again under a new incarnation.
/// </summary>
internal sealed class MemberCore(GroupOptions options, GroupPlan plan, int? preferredNumber, Func<ulong> nextIncarnation)
{
    private readonly Outbox _outbox = new();
    private Joining? _joining;
    private Membership? _membership;
    private Phase _phase = Phase.Created;
    private bool _leaves;

    private enum Phase { Created, Joining, Member, Fenced, GivingBack, Left }

    public bool HasLeft => _phase == Phase.Left;

    public Membership? Membership => _phase == Phase.Member ? _membership : null;

    /// <param name="now">By a monotonic clock of this member's own.</param>
    public List<Effect> Handle(Input input, TimeSpan now)
    {
        if (input is Settled settled && settled.Store.Term != _outbox.Term)
        {
            return [];
        }

        _leaves |= input is OwnerLeaves;
        plan = input is PlanGrown grown ? grown.Plan : plan;
        switch (_phase)
        {
            case Phase.Created when input is Start:
                Join();
                break;
            case Phase.Joining:
                HandleWhileJoining(input, now);
                break;
            case Phase.Member:
                HandleAsMember(input, now);
                break;
            case Phase.Fenced when input is OwnerHoldsNothing:
                GiveBack();
                break;
            case Phase.GivingBack when input is Settled gaveBack && _membership!.SettleGiveBack(gaveBack, now):
                JoinAgain();
                break;
            default:
                break;
        }

        return _outbox.Empty();
    }

    /// <summary>When to be told a <see cref="Tick"/>, if nothing else happens before; null for never.</summary>
    public TimeSpan? WakeAfter(TimeSpan now)
    {
        var alarm = new Alarm(now);
        Membership?.Set(ref alarm);
        return alarm.At;
    }

    private void Join()
    {
        _phase = Phase.Joining;
        _outbox.Term++;
        _joining = new Joining(options, _outbox, nextIncarnation(), _membership?.Identity.Id.Number ?? preferredNumber, _membership?.Identity);
        _joining.Begin();
    }

    private void HandleWhileJoining(Input input, TimeSpan now)
    {
        switch (input)
        {
            case OwnerLeaves when !_joining!.IsClaiming:
                _outbox.Close(WatchKind.Members);
                EndLeft();
                break;
            case WatchChanged change:
                _joining!.Observe(change.Entry);
                break;
            case WatchCaughtUp:
                _joining!.CatchUp(now);
                break;
            case Settled settled when _joining!.Settle(settled, now) is var (record, lease):
                _phase = Phase.Member;
                _membership = new Membership(options, plan, _outbox, record, lease);
                HandleAsMember(_leaves ? new OwnerLeaves() : new Tick(), now);
                break;
            default:
                break;
        }
    }

    private void HandleAsMember(Input input, TimeSpan now)
    {
        _membership!.Handle(input, now);
        _membership.Proceed(now);
        if (_membership.HasLeft)
        {
            _membership.End();
            EndLeft();
        }
        else if (_membership.EndReason is { } reason)
        {
            _phase = Phase.Fenced;
            _outbox.Term++;
            _membership.End();
            _outbox.Tell(new Fenced(reason));
        }
    }

    private void GiveBack()
    {
        _phase = Phase.GivingBack;
        _membership!.GiveBack();
    }

    private void JoinAgain()
    {
        if (_leaves)
        {
            EndLeft();
        }
        else
        {
            Join();
        }
    }

    private void EndLeft()
    {
        _phase = Phase.Left;
        _outbox.Tell(new LeftGroup());
    }
}
