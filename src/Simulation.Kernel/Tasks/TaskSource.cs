namespace Simulation.Kernel;

/// <summary>
/// What stands behind an <see cref="ActorTask{T}"/>: an async method or a promise. Sources are pooled; a token tells the uses of one
/// object apart, so that a task kept too long is refused instead of reading its successor's result.
/// </summary>
internal abstract class TaskSource<T> : Continuation
{
    internal abstract bool IsCompleted(int token);

    /// <summary>Throws where an await could not be resumed properly. Called before <see cref="Attach"/>, which therefore never throws.</summary>
    internal virtual void CheckMayWait() => ActorCell.RequireCurrent();

    internal abstract void Attach(Continuation waiter);

    /// <summary>Hands out the result (or throws the error) and gives the source back to its pool.</summary>
    internal abstract T Take(int token);

    protected static InvalidOperationException AwaitedTwice() =>
        new("This ActorTask was awaited already. Await it once; to share a result, keep the result.");
}
