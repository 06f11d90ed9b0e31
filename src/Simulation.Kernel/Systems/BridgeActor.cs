namespace Simulation.Kernel;

/// <summary>The temporary actor in which <see cref="ActorSystem.RunAsync{T}"/> runs its body.</summary>
internal sealed class BridgeActor<T>(Func<IActorContext, ActorTask<T>> body, TaskCompletionSource<T> completion) : ReceiveActor
{
    protected override void PreStart() => Context.Spawn(RunAsync);

    /// <summary>A loop that the body has spawned failed. The body is not run a second time.</summary>
    protected override void PostRestart(Exception reason)
    {
        completion.TrySetException(reason);
        Context.Stop(Self);
    }

    private async ActorTask RunAsync()
    {
        try
        {
            completion.TrySetResult(await body(Context));
        }
        catch (Exception error)
        {
            completion.TrySetException(error);
        }

        Context.Stop(Self);
    }
}
