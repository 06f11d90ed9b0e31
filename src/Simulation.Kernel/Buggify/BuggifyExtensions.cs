namespace Simulation.Kernel;

/// <summary>The commonest rare thing: something takes longer.</summary>
public static class BuggifyExtensions
{
    /// <summary>How much longer: zero almost always and in the real world; when the site fires, anything up to <paramref name="max"/>.</summary>
    public static TimeSpan BuggifyDelay(this IActorContext context, string site, TimeSpan max)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Buggify(site, out RandomStream? chance) ? chance.Uniform(TimeSpan.Zero, max) : TimeSpan.Zero;
    }
}
