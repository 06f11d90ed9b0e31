namespace Simulation.Model;

/// <summary>What a participant sends: done at the server when it arrives there.</summary>
internal interface IRequest
{
    void DoAt(ModelCluster cluster);

    /// <summary>For a trace; null for what is not worth a line.</summary>
    string? Question => null;
}

/// <summary>What a server sends.</summary>
internal interface IAnswer
{
    void Arrive();

    /// <summary>For a trace; null for what is not worth a line.</summary>
    string? Answer => null;
}

/// <summary>A request of the rarer kind, which has no type of its own.</summary>
internal sealed class Request(Action<ModelCluster> act) : IRequest
{
    public void DoAt(ModelCluster cluster) => act(cluster);
}

/// <summary>An answer of the rarer kind, which has no type of its own.</summary>
internal sealed class Reply(Action act) : IAnswer
{
    public void Arrive() => act();
}
