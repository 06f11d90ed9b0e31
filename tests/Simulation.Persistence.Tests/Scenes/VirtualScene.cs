using Simulation.Kernel;
using Simulation.Testing;

namespace Simulation.Persistence.Tests.Scenes;

internal sealed class VirtualScene(ulong seed = 1, BuggifyOptions? buggify = null, IReadOnlySet<string>? planted = null)
    : StoreScene(TestKit.Virtual(seed, buggify, planted))
{
    public VirtualDisk Disk { get; } = new();

    public override VirtualStore Open() => new(Disk, Kit.System);

    public override void DamageNewestSnapshot(string persistenceId) => Disk.DamageNewestSnapshot(persistenceId);
}
