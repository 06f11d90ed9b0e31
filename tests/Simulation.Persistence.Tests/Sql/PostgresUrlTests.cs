using Npgsql;

namespace Simulation.Persistence.Tests.Sql;

public sealed class PostgresUrlTests
{
    [Fact]
    public void Parse_Everything_IsTaken()
    {
        NpgsqlConnectionStringBuilder connection = PostgresUrl.Parse(
            "postgres://me%40work:p%3Aw%2F@db.example:6543/my%20runs?sslmode=verify-full&connect_timeout=7&application_name=night%20run&target_session_attrs=read-write");

        Assert.Equal(
            ("me@work", "p:w/", "db.example", 6543, "my runs", SslMode.VerifyFull, 7, "night run", "read-write"),
            (connection.Username, connection.Password, connection.Host, connection.Port, connection.Database, connection.SslMode, connection.Timeout,
                connection.ApplicationName, connection.TargetSessionAttributes));
    }

    [Fact]
    public void Parse_TheLeast_HasDefaults()
    {
        NpgsqlConnectionStringBuilder connection = PostgresUrl.Parse("postgresql://me@[::1]/runs");
        Assert.Equal(("me", null, "::1", 5432, "runs"), (connection.Username, connection.Password, connection.Host, connection.Port, connection.Database));
    }

    [Theory]
    [InlineData("postgres://", "it must be postgres://user:password@host:port/database")]
    [InlineData("postgres://host/db", "it names no user")]
    [InlineData("postgres://me:secret@host", "it names no database")]
    [InlineData("postgres://me:secret@host:port/db", "it must be postgres://")]
    [InlineData("postgres://me:secret@host/db?sslmod=require", "'sslmod' is not known; known are application_name, connect_timeout")]
    [InlineData("postgres://me:secret@host/db?sslmode=perhaps", "'perhaps' is no value for sslmode")]
    [InlineData("postgres://me:secret@host/db?connect_timeout=soon", "'soon' is no value for connect_timeout")]
    public void Parse_NotUnderstood_SaysWhyWithoutThePassword(string url, string message)
    {
        PersistenceException error = Assert.Throws<PersistenceException>(() => SqlStore.At(url));
        Assert.Equal(PersistenceProblem.Location, error.Problem);
        Assert.Contains(message, error.Message);
        Assert.DoesNotContain("secret", error.Message);
    }

    [Fact]
    public void Location_Url_IsShownWithoutThePassword() =>
        Assert.Equal("postgres://me@host:5432/db", new PostgresDialect(PostgresUrl.Parse("postgres://me:secret@host/db")).Location);
}
