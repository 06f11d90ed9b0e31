using System.Globalization;
using Simulation.Nats.Embedded;
using Xunit;

namespace Simulation.TestServers.Postgres;

/// <summary>A PostgreSQL server of a test's own, on a loopback port of its own. It ends with this process, however that ends.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string User = "simulation";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string _folder;
    private readonly string _programs;
    private NatsServerProcess? _process;

    private PostgresServer(string programs, string folder, int port) => (_programs, _folder, Port) = (programs, folder, port);

    public int Port { get; }

    private string Data => Path.Combine(_folder, "data");

    private string Log => Path.Combine(_folder, "postgres.log");

    private string Launcher => Path.Combine(_folder, "postgres.sh");

    /// <summary>Skips the test, with the reason, where there is no PostgreSQL.</summary>
    public static async Task<PostgresServer> StartAsync()
    {
        string programs = FindPrograms() ?? throw new SkipException("PostgreSQL is not installed: no initdb and postgres in PATH or /usr/lib/postgresql");
        string folder = Directory.CreateTempSubdirectory("simulation-postgres-").FullName;
        var server = new PostgresServer(programs, folder, LoopbackPorts.Pick());
        await server.InitialiseAsync();
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>The address of one of its databases.</summary>
    public string UrlOf(string database) => $"postgres://{User}@127.0.0.1:{Port}/{database}";

    /// <summary>Runs one of PostgreSQL's programs against this server.</summary>
    public async Task RunAsync(string program, params string[] arguments) =>
        await ExecuteAsync(Path.Combine(_programs, program), ["-h", "127.0.0.1", "-p", $"{Port}", "-U", User, .. arguments]);

    /// <summary>SIGKILL; what it has not synchronised it finds in its log when it starts again.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.Exited;
        _process.Dispose();
        _process = null;
    }

    /// <summary>Until it answers. Processes of a server that was killed may take a moment to notice, and nobody can start until then.</summary>
    public async Task StartAgainAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        do
        {
            patience.Token.ThrowIfCancellationRequested();
            _process?.Dispose();
            _process = await NatsServerProcess.StartAsync(Launcher, Data, Log);
        }
        while (!await AnswersAsync(_process, patience.Token));
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }

        // Processes of the killed server may be about to write their last words.
        for (int attempt = 0; Directory.Exists(_folder); attempt++)
        {
            try
            {
                Directory.Delete(_folder, recursive: true);
            }
            catch (IOException) when (attempt < 100)
            {
                await Task.Delay(20);
            }
        }
    }

    private static string? FindPrograms()
    {
        IEnumerable<string> packaged = Directory.Exists("/usr/lib/postgresql")
            ? Directory.EnumerateDirectories("/usr/lib/postgresql")
                .OrderByDescending(path => double.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out double version) ? version : 0)
                .Select(path => Path.Combine(path, "bin"))
            : [];
        return packaged.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'))
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));
    }

    /// <summary>PostgreSQL refuses to be run by root, who becomes somebody else for it.</summary>
    private static string[] AsSomebodyElse()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return [];
        }

        string user = File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";
        return ["setpriv", "--reuid", user, "--regid", user, "--clear-groups"];
    }

    private async Task InitialiseAsync()
    {
        Directory.CreateDirectory(Data);
        string[] asSomebody = AsSomebodyElse();
        if (asSomebody is [_, _, var user, ..])
        {
            await ExecuteAsync("chown", ["-R", user, _folder]);
        }

        await ExecuteAsync([.. asSomebody, Path.Combine(_programs, "initdb"), "-D", Data, "-U", User, "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]);
        await File.AppendAllLinesAsync(Path.Combine(Data, "postgresql.conf"),
        [
            "listen_addresses = '127.0.0.1'",
            $"port = {Port}",
            "unix_socket_directories = ''",
            "shared_buffers = 16MB",
            "max_connections = 20",
            "autovacuum = off",
        ]);

        // The guard's wish that the server dies with it is forgotten when the user changes; so it is said again.
        string prefix = asSomebody.Length == 0 ? "" : $"{string.Join(' ', asSomebody)} --pdeathsig KILL ";
        await File.WriteAllTextAsync(Launcher, $"#!/bin/sh\nexec {prefix}{Path.Combine(_programs, "postgres")} -D {Data}\n");
        await ExecuteAsync("chmod", ["755", Launcher]);
    }

    /// <returns>False when the process has ended instead.</returns>
    private async Task<bool> AnswersAsync(NatsServerProcess process, CancellationToken patience)
    {
        while (!process.Exited.IsCompleted)
        {
            // Not only the port: while it recovers it refuses everybody who comes.
            if ((await Tool.RunAsync(Path.Combine(_programs, "pg_isready"), ["-h", "127.0.0.1", "-p", $"{Port}"], cancellation: patience)).ExitCode == 0)
            {
                return true;
            }

            await Task.Delay(20, patience);
        }

        return false;
    }

    private static Task ExecuteAsync(string program, string[] arguments) => ExecuteAsync([program, .. arguments]);

    private static async Task ExecuteAsync(string[] command)
    {
        ToolResult result = await Tool.RunAsync(command[0], command[1..], "/");
        if (result.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)}: exit code {result.ExitCode}\n{result.Output}{result.Error}");
        }
    }
}
