namespace Simulation.Model;

/// <summary>What a participant sends: done at the server when it arrives there.</summary>
internal interface IRequest
{
    void DoAt(ModelServer server);
}

/// <summary>What a server sends.</summary>
internal interface IAnswer
{
    void Arrive();
}

/// <summary>A request of the rarer kind, which has no type of its own.</summary>
internal sealed class Request(Action<ModelServer> act) : IRequest
{
    public void DoAt(ModelServer server) => act(server);
}

/// <summary>An answer of the rarer kind, which has no type of its own.</summary>
internal sealed class Answer(Action act) : IAnswer
{
    public void Arrive() => act();
}
