using Simulation.Host.Configuration;
using Simulation.Host.Configuration.Schema;

namespace Simulation.Host.Tests.Configuration;

public sealed class EffectiveConfigurationTests
{
    [Fact]
    public void Write_EveryKey_ReadsBackAsTheSameConfiguration()
    {
        using var folder = new TemporaryFolder();
        LoadedConfiguration loaded = ConfigurationLoader.Load(new ConfigurationSources
        {
            File = Repository.PathOf("configs", "realistic.yaml"),
            Sets =
            [
                "simulation.seed=7", "nats.prefix=my-run", "chaos.scheduled=[{at: 5m, event: scale_up, by: 1-3}]",
                "partitions.message_rate_per_partition=0.000001", "checkpointing.path=./a folder: with # signs", "nats.jetstream.sync_interval=0",
            ],
        });

        LoadedConfiguration again = ConfigurationLoader.Load(new ConfigurationSources
        {
            File = folder.Write("config.yaml", EffectiveConfiguration.Write(loaded, origins: true)),
        });

        Assert.Equal(EffectiveConfiguration.Write(loaded, origins: false), EffectiveConfiguration.Write(again, origins: false));
        Assert.Equal(loaded.Config.Partitions, again.Config.Partitions);
        Assert.Equal("./a folder: with # signs", again.Config.Checkpointing.Path);
        Assert.Equal("1-3", again.Config.Chaos.Scheduled[0].Fault.Parameters["by"]);
    }

    [Fact]
    public void Write_Secrets_AreNowhere()
    {
        LoadedConfiguration loaded = ConfigurationLoader.Load(new ConfigurationSources
        {
            Sets = ["nats.url=nats://me:hidden1@one,tls://hidden2@two", "nats.user=me", "nats.password=hidden3", "checkpointing.store=postgres://u:hidden4@db/x"],
        });

        string text = EffectiveConfiguration.Write(loaded, origins: true) + EffectiveConfiguration.ToJson(loaded.Config);

        Assert.DoesNotContain("hidden", text);
        Assert.Contains("nats://***@one,tls://***@two", text);
        Assert.Contains("# password: ***, from --set nats.password; give it with SIMULATION_NATS__PASSWORD", text);
    }

    [Fact]
    public void Load_MaskedUrl_AsksForTheRealOne()
    {
        var error = Assert.Throws<ConfigurationException>(() => ConfigurationLoader.Load(new ConfigurationSources { Sets = ["nats.url=nats://***@one"] }));
        Assert.Contains("SIMULATION_NATS__URL", Assert.Single(error.Problems).Message);
    }

    [Fact]
    public void Reference_InTheRepository_IsWhatTheSchemaSays() =>
        Assert.Equal(ConfigurationReference.Write(), File.ReadAllText(Repository.PathOf("docs", "configuration.md")));

    [Fact]
    public void Faults_InTheRepository_AreWhatTheCatalogueSays() =>
        Assert.Equal(FaultReference.Write(), File.ReadAllText(Repository.PathOf("docs", "faults.md")));

    [Fact]
    public void Thresholds_InTheRepository_AreWhatTheCatalogueSays() =>
        Assert.Equal(ThresholdReference.Write(), File.ReadAllText(Repository.PathOf("docs", "thresholds.md")));

    [Fact]
    public void Schema_EveryKey_IsReachedByItsVariableAndItsSet()
    {
        foreach (ConfigurationKey key in ConfigurationSection.Root.AllKeys.Where(key => key.Default is not null && !key.Path.StartsWith("chaos.", StringComparison.Ordinal)))
        {
            string value = key.Kind.Write(key.Default!);
            LoadedConfiguration loaded = ConfigurationLoader.Load(new ConfigurationSources
            {
                Environment = new Dictionary<string, string> { [key.EnvironmentVariable] = value.Trim('"') },
            });
            Assert.Equal($"environment {key.EnvironmentVariable}", loaded.OriginOf(key.Path).ToString());
        }
    }

    [Theory]
    [InlineData("connect to nats://user:p@ss@host:4222 failed", "connect to nats://***@host:4222 failed")]
    [InlineData("tls://token@a,nats://b:1", "tls://***@a,nats://b:1")]
    [InlineData("mail me@example.org about http://host/a@b", "mail me@example.org about http://host/a@b")]
    public void Urls_Text_LosesOnlyCredentials(string text, string expected) => Assert.Equal(expected, Masking.Urls(text));
}
