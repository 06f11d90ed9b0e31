namespace Simulation.Model;

/// <summary>What counts is what messages carry; everything else is small.</summary>
internal static class CargoSize
{
    /// <summary>Of a request, an acknowledgement or a status with its subjects, roughly, in bytes.</summary>
    public const int Small = 100;
}

/// <summary>What a participant sends: done at the server when it arrives there.</summary>
internal interface IRequest
{
    void DoAt(ModelCluster cluster);

    /// <summary>In bytes, for a link that passes so many a second.</summary>
    int Size => CargoSize.Small;

    /// <summary>For a trace; null for what is not worth a line.</summary>
    string? Question => null;
}

/// <summary>What a server sends.</summary>
internal interface IAnswer
{
    void Arrive();

    /// <inheritdoc cref="IRequest.Size"/>
    int Size => CargoSize.Small;

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
