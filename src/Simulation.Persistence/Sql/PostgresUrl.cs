using Npgsql;

namespace Simulation.Persistence;

/// <summary>Reads <c>postgres://user:password@host:port/database?sslmode=require</c>, as other PostgreSQL clients do.</summary>
internal static class PostgresUrl
{
    private static readonly SortedDictionary<string, string> Parameters = new(StringComparer.Ordinal)
    {
        ["application_name"] = "Application Name",
        ["connect_timeout"] = "Timeout",
        ["options"] = "Options",
        ["passfile"] = "Passfile",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["sslmode"] = "SSL Mode",
        ["sslpassword"] = "SSL Password",
        ["sslrootcert"] = "Root Certificate",
        ["target_session_attrs"] = "Target Session Attributes",
    };

    public static bool Is(string location) =>
        location.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase) || location.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="PersistenceException"><see cref="PersistenceProblem.Location"/>; the message does not repeat the password.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || uri.Host.Length == 0)
        {
            throw Wrong("it must be postgres://user:password@host:port/database, with special characters as %XX");
        }

        string[] user = uri.UserInfo.Split(':', 2);
        string database = Uri.UnescapeDataString(uri.AbsolutePath.Trim('/'));
        if (user[0].Length == 0 || database.Length == 0)
        {
            throw Wrong($"it names no {(user[0].Length == 0 ? "user" : "database")}; it must be postgres://user:password@host:port/database");
        }

        var connection = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host.Trim('[', ']'),
            Port = uri.Port > 0 ? uri.Port : 5432,
            Username = Uri.UnescapeDataString(user[0]),
            Database = database,
            Pooling = false,
            ApplicationName = "simulation",
        };
        if (user.Length == 2)
        {
            connection.Password = Uri.UnescapeDataString(user[1]);
        }

        foreach (string parameter in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            Set(connection, parameter);
        }

        return connection;
    }

    private static void Set(NpgsqlConnectionStringBuilder connection, string parameter)
    {
        string[] parts = parameter.Split('=', 2);
        if (!Parameters.TryGetValue(parts[0], out string? key))
        {
            throw Wrong($"'{parts[0]}' is not known; known are {string.Join(", ", Parameters.Keys)}");
        }

        string value = Uri.UnescapeDataString(parts.ElementAtOrDefault(1) ?? "");
        try
        {
            // Elsewhere it is verify-full, here VerifyFull.
            connection[key] = key == "SSL Mode" ? value.Replace("-", "", StringComparison.Ordinal) : value;
        }
        catch (Exception error) when (error is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            throw Wrong(parts[0] == "sslpassword" ? "sslpassword cannot be used" : $"'{value}' is no value for {parts[0]}");
        }
    }

    private static PersistenceException Wrong(string what) => new(PersistenceProblem.Location, $"The PostgreSQL URL cannot be used: {what}.");
}
