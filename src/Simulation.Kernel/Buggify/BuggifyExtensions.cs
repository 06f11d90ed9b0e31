namespace Simulation.Kernel;

/// <summary>The commonest rare thing: something takes longer.</summary>
public static class BuggifyExtensions
{
    /// <summary>Goes on at once, almost always and in the real world; when the site fires, after anything up to <paramref name="max"/>.</summary>
    public static ActorTask BuggifyDelay(this IActorContext context, string site, TimeSpan max, bool rarelyMet = false)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Buggify(site, out RandomStream? chance, rarelyMet) ? context.Delay(chance.Uniform(TimeSpan.Zero, max)) : ActorTask.CompletedTask;
    }
}
