using Simulation.Kernel;

namespace Simulation.JetStream.Tests.Contract;

/// <summary>A JetStream that must keep the contract: a real server of one version, or a model.</summary>
public interface IContractWorld
{
    /// <summary>The server version that it is, or behaves like.</summary>
    Version Version { get; }

    /// <summary>Runs the body inside an actor of this world, with a connection of its own.</summary>
    Task RunAsync(Func<IActorContext, IJetStreamConnection, ActorTask> body);
}
