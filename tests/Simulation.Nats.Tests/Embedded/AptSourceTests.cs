using Simulation.Nats.Embedded;

namespace Simulation.Nats.Tests.Embedded;

public sealed class AptSourceTests
{
    [Fact]
    public void ParseOneLine_OptionsAndComments_AreUnderstood()
    {
        AptSource source = Assert.Single(AptSource.ParseOneLine(
            """
            # deb http://commented.example/debian trixie main
            deb-src http://archive.example/debian trixie main
            deb [arch=amd64 signed-by=/keys/a.gpg trusted=yes]	http://archive.example/debian bookworm main contrib # trailing
            """));

        Assert.Equal("http://archive.example/debian", source.Uri);
        Assert.Equal(["bookworm"], source.Suites.ToArray());
        Assert.Equal(["main", "contrib"], source.Components.ToArray());
        Assert.Equal(("/keys/a.gpg", true), (source.SignedBy, source.Trusted));
    }

    [Fact]
    public void ParseDeb822_StanzasWithInlineKey_KeepTheKeyVerbatim()
    {
        AptSource[] sources = [.. AptSource.ParseDeb822(
            """
            Types: deb deb-src
            # a comment inside
            URIs: http://a.example/debian http://b.example/debian
            Suites: trixie trixie-updates
            Components: main
            Signed-By:
             -----BEGIN PGP PUBLIC KEY BLOCK-----
             .
             abc

            Enabled: no
            Types: deb
            URIs: http://off.example/debian
            Suites: trixie
            Components: main
            """)];

        Assert.Equal(["http://a.example/debian", "http://b.example/debian"], sources.Select(source => source.Uri));
        Assert.Equal("\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n abc", sources[0].SignedBy);
        AptSource again = Assert.Single(AptSource.ParseDeb822(sources[0].ToDeb822("forky")));
        Assert.Equal(["forky"], again.Suites.ToArray());
        Assert.Equal(sources[0].SignedBy, again.SignedBy);
    }

    [Fact]
    public void Candidates_OnDebian_BeginWithTheSuiteKnownForTheSeries()
    {
        AptSource archive = Source("http://archive.example/debian", ["bookworm", "bookworm-updates"], ["main"]);
        AptSource foreign = Source("http://packages.example/node", ["nodistro"], ["other"]);

        var suites = DebianArchive.Candidates([foreign, archive], isDebian: true, AptArchive.SuitesFor(RequestedVersion.Parse("2.10"))).Select(candidate => candidate.Suite);

        Assert.Equal(["trixie", "forky", "bookworm"], suites);
    }

    [Fact]
    public void Candidates_OnUbuntu_AreItsOwnSuitesWithUniverse()
    {
        AptSource archive = Source("http://archive.example/ubuntu", ["noble", "noble-updates"], ["main"]);

        var candidate = Assert.Single(DebianArchive.Candidates([archive], isDebian: false, AptArchive.SuitesFor(RequestedVersion.Any)));

        Assert.Equal("noble", candidate.Suite);
        Assert.Contains("universe", candidate.Source.Components);
    }

    private static AptSource Source(string uri, string[] suites, string[] components) => new(uri, [.. suites], [.. components], null, false);
}
