using Simulation.Kernel;

namespace Simulation.Model;

/// <summary>
/// Who holds a stream and who leads it. A stream is served while its leader reaches a majority of its replicas. Otherwise it waits: for the
/// leader's majority to come back, or for those who form one to elect another leader, which takes as long as it does on real servers.
/// </summary>
internal sealed class ReplicaSet : Dated
{
    private static readonly TimeSpan ShortestElection = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan LongestElection = TimeSpan.FromSeconds(9);
    private static readonly TimeSpan ShortestCampaign = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestCampaign = TimeSpan.FromMilliseconds(800);

    /// <summary>After which a leader without a majority gives up.</summary>
    private static readonly TimeSpan LostQuorum = TimeSpan.FromSeconds(10);

    private readonly ModelStream _stream;
    private readonly Replica[] _replicas;
    private readonly ModelCluster _cluster;
    private ModelNode? _resigned;
    private bool _mustRecover;

    public ReplicaSet(ModelStream stream, IEnumerable<ModelNode> nodes, ModelCluster cluster)
    {
        _stream = stream;
        _replicas = [.. nodes.Select(node => new Replica(node))];
        _cluster = cluster;
        Leader = _replicas[0].Node;
        IsServed = true;
    }

    public ModelNode? Leader { get; private set; }

    /// <summary>There is a leader, and a majority follows it.</summary>
    public bool IsServed { get; private set; }

    /// <summary>Acknowledged messages that an elected leader did not have.</summary>
    public long Lost { get; private set; }

    /// <summary>The cluster has other servers.</summary>
    public bool IsAmongSeveral => _cluster.IsClustered;

    private int Majority => (_replicas.Length / 2) + 1;

    public bool IsReplicated => _replicas.Length > 1;

    public Replica? On(ModelNode node) => Array.Find(_replicas, replica => replica.Node == node);

    /// <summary>A server is down.</summary>
    /// <param name="node">Which one.</param>
    /// <param name="syncedAt">What its disk held for certain; null when only the process died.</param>
    public void OnStopped(ModelNode node, DateTimeOffset? syncedAt)
    {
        if (On(node) is not { } replica)
        {
            return;
        }

        replica.FallBehind(_cluster.Now);
        if (syncedAt is { } moment)
        {
            replica.LosePower(moment);
        }

        if (_stream.IsInMemory)
        {
            replica.LoseEverything();
        }

        if (node == Leader)
        {
            _mustRecover = true;
            Leader = IsReplicated ? null : Leader;
        }
    }

    /// <summary>The leader hands over. The others elect one of themselves, soon.</summary>
    public void StepDown()
    {
        _resigned = Leader;
        Leader = null;
        _stream.EndPulls(PullStatus.LeadershipChange);
        Reconsider();
        Plan(_cluster.Chance.Uniform(ShortestCampaign, LongestCampaign));
    }

    /// <summary>To be called whenever a server came, went or lost sight of others.</summary>
    public void Reconsider()
    {
        if (Leader is { } leader && CountReachedBy(leader) >= Majority)
        {
            Serve(On(leader)!);
        }
        else
        {
            Wait();
        }
    }

    public override void OnDue()
    {
        if (!Elect())
        {
            Leader = null;
        }

        Reconsider();
    }

    private void Serve(Replica leader)
    {
        _cluster.Agenda.Plan(this, null);
        if (!IsServed)
        {
            IsServed = true;
            if (_mustRecover)
            {
                Recover(leader);
            }
            else
            {
                _stream.Replan();
            }
        }

        leader.Lead();
        foreach (Replica replica in _replicas)
        {
            if (leader.Node.Reaches(replica.Node))
            {
                replica.CatchUp(_cluster.Now);
            }
            else
            {
                replica.FallBehind(_cluster.Now);
            }
        }
    }

    private void Recover(Replica leader)
    {
        _mustRecover = false;
        if (leader.Until is { } until)
        {
            foreach (Replica other in _replicas)
            {
                other.CutTo(until);
            }
        }

        Lost += _stream.Recover(leader.Until, leader.Damage);
        leader.Damage.Clear();
    }

    private void Wait()
    {
        if (IsServed)
        {
            IsServed = false;
            _stream.Replan();
        }

        foreach (Replica replica in _replicas)
        {
            replica.FallBehind(_cluster.Now);
        }

        if (!IsReplicated)
        {
            return;
        }

        if (MajorityGroup() is not null)
        {
            Plan(_cluster.Chance.Uniform(ShortestElection, LongestElection));
        }
        else if (Leader is not null)
        {
            Plan(LostQuorum);
        }
        else
        {
            _cluster.Agenda.Plan(this, null);
        }
    }

    private void Plan(TimeSpan delay) => _cluster.Agenda.Plan(this, _cluster.Now + delay);

    /// <summary>
    /// Who stands first is chance. Nobody votes for one who holds less, but a majority may hold less than one outside of it or one who was
    /// not asked: then what only those hold is lost, acknowledged or not.
    /// </summary>
    private bool Elect()
    {
        if (MajorityGroup() is not { } group)
        {
            return false;
        }

        _cluster.Chance.Shuffle(group.AsSpan());
        Replica[] candidates = [.. group.Where(replica => replica.Node != _resigned), .. group.Where(replica => replica.Node == _resigned)];
        Leader = candidates.First(candidate => group.Count(voter => !voter.HoldsMoreThan(candidate)) >= Majority).Node;
        _resigned = null;
        _mustRecover = true;
        return true;
    }

    private Replica[]? MajorityGroup()
    {
        foreach (Replica candidate in _replicas)
        {
            if (CountReachedBy(candidate.Node) >= Majority)
            {
                return [.. _replicas.Where(other => candidate.Node.Reaches(other.Node))];
            }
        }

        return null;
    }

    private int CountReachedBy(ModelNode node) => _replicas.Count(replica => node.Reaches(replica.Node));
}
