using Simulation.Testing;

namespace Simulation.Kernel.Tests.Buggify;

public sealed class BuggifyTests
{
    private static readonly string[] Sites = ["a", "b", "c", "d", "e", "f", "g", "h"];

    [Fact]
    public async Task Buggify_RealWorld_NeverFires()
    {
        await using TestKit kit = TestKit.Real();

        Assert.Equal(0, MeetAll(kit, times: 1_000));
    }

    [Fact]
    public void Buggify_Off_CountsMeetingsAndNeverFires()
    {
        TestKit kit = TestKit.Virtual(1, BuggifyOptions.Off);

        Assert.Equal(0, MeetAll(kit, times: 100));
        Assert.All(kit.VirtualWorld!.Buggify.Sites, site => Assert.Equal((false, 100L, 0L), (site.IsEnabled, site.Met, site.Fired)));
        Assert.Equal(Sites, kit.VirtualWorld.Buggify.Sites.Select(site => site.Name));
    }

    [Fact]
    public void Buggify_ManySeeds_EachEnablesAboutAQuarterOfTheSites()
    {
        var sites = Enumerable.Range(0, 500).SelectMany(seed => Sweep((ulong)seed)).ToList();

        Assert.InRange(sites.Count(site => site.IsEnabled) / (double)sites.Count, 0.2, 0.3);
        Assert.All(sites.Where(site => site.IsEnabled), site => Assert.InRange(site.FireProbability, 0.001, 0.05));
        Assert.All(sites.Where(site => !site.IsEnabled), site => Assert.Equal(0, site.Fired));
        Assert.Equal(8, sites.Where(site => site.Fired > 0).Select(site => site.Name).Distinct().Count());
    }

    [Fact]
    public void Buggify_Enabled_FiresAsOftenAsItsProbabilitySays()
    {
        TestKit kit = TestKit.Virtual(1, new BuggifyOptions { SiteProbability = 1, MinFireProbability = 0.2, MaxFireProbability = 0.2 });

        int fired = MeetAll(kit, times: 1_000);

        Assert.InRange(fired / 8_000.0, 0.18, 0.22);
        Assert.Equal(fired, kit.VirtualWorld!.Buggify.Sites.Sum(site => site.Fired));
    }

    [Fact]
    public void Buggify_Forced_FiresEachTimeWhateverTheSeedSays()
    {
        TestKit kit = TestKit.Virtual(1, BuggifyOptions.Off with { Forced = new HashSet<string> { "c" } });

        Assert.Equal(10, MeetAll(kit, times: 10));
        Assert.Equal("c", kit.VirtualWorld!.Buggify.Sites.Single(site => site.Fired > 0).Name);
    }

    [Fact]
    public void Buggify_SwitchedOffMidway_FiresNoMore()
    {
        TestKit kit = TestKit.Virtual(1, new BuggifyOptions { SiteProbability = 1, MinFireProbability = 1, MaxFireProbability = 1 });
        MeetAll(kit, times: 1);
        kit.VirtualWorld!.Buggify.IsOn = false;

        Assert.Equal(0, MeetAll(kit, times: 10));
    }

    /// <summary>In the same seeds, and ten times as often: also the few meetings of a short run come to something.</summary>
    [Fact]
    public void Buggify_SiteThatIsRarelyMet_FiresMoreOften()
    {
        for (ulong seed = 1; seed <= 50; seed++)
        {
            (BuggifySite often, BuggifySite rarely) = (MeetOne(seed, rarelyMet: false), MeetOne(seed, rarelyMet: true));
            Assert.Equal(often.FireProbability * 10, rarely.FireProbability, precision: 9);
        }

        static BuggifySite MeetOne(ulong seed, bool rarelyMet)
        {
            TestKit kit = TestKit.Virtual(seed, new BuggifyOptions());
            kit.Run(context => ActorTask.FromResult(context.Buggify("a", rarelyMet)));
            return kit.VirtualWorld!.Buggify.Sites.Single();
        }
    }

    [Fact]
    public void Buggify_OnOrOff_DisturbsNoOtherDraw()
    {
        Assert.Equal(Draw(BuggifyOptions.Off), Draw(new BuggifyOptions { SiteProbability = 1 }));

        static int[] Draw(BuggifyOptions options) => TestKit.Virtual(3, options).Run(context =>
        {
            int[] drawn = new int[100];
            for (int i = 0; i < drawn.Length; i++)
            {
                context.Buggify("a");
                context.Buggify("b", out RandomStream? chance);
                chance?.NextUInt64();
                drawn[i] = context.Random.Next(1_000_000);
            }

            return ActorTask.FromResult(drawn);
        });
    }

    [Fact]
    public void BuggifyDelay_Fires_IsWithinItsBound()
    {
        TestKit kit = TestKit.Virtual(1, BuggifyOptions.Off with { Forced = new HashSet<string> { "late" } });

        TimeSpan[] delays = kit.Run(async context =>
        {
            TimeSpan[] passed = new TimeSpan[100];
            for (int i = 0; i < passed.Length; i++)
            {
                TimeSpan before = context.Uptime;
                await context.BuggifyDelay("late", TimeSpan.FromSeconds(2));
                await context.BuggifyDelay("ordinary", TimeSpan.FromSeconds(2));
                passed[i] = context.Uptime - before;
            }

            return passed;
        });

        Assert.All(delays, delay => Assert.InRange(delay, TimeSpan.Zero, TimeSpan.FromSeconds(2)));
        Assert.True(delays.Distinct().Count() > 90);
    }

    private static IReadOnlyList<BuggifySite> Sweep(ulong seed)
    {
        TestKit kit = TestKit.Virtual(seed, new BuggifyOptions());
        MeetAll(kit, times: 30);
        return [.. kit.VirtualWorld!.Buggify.Sites];
    }

    /// <returns>How often a site fired.</returns>
    private static int MeetAll(TestKit kit, int times) => kit.Run(context =>
    {
        int fired = 0;
        for (int i = 0; i < times; i++)
        {
            fired += Sites.Count(site => context.Buggify(site));
        }

        return ActorTask.FromResult(fired);
    });
}
